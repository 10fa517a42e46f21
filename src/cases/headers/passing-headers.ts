import { PASSING_HEADERS } from '../../edge/identity-headers.ts';

/** What clients send every day without a word about who they are. */
const EVERYDAY = [
  ['Accept-Language', 'en;q=0.5'],
  ['Baggage', 'kind=kept'],
  ['Idempotency-Key', 'kept'],
  ['Origin', 'https://kept.example.test'],
  ['Referer', 'https://kept.example.test/kept'],
  ['Sec-Ch-Ua', '"Kept";v="1"'],
  ['Sec-Ch-Prefers-Color-Scheme', 'dark'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'],
  ['Tracestate', 'kept=1'],
  ['X-Api-Key', 'kept'],
  ['X-Correlation-Id', 'kept'],
  ['X-Requested-With', 'XMLHttpRequest'],
] as const;

/** One request carries them all; each has to reach the app as it was sent. */
export function passingHeaders(trusted: readonly string[]): readonly (readonly [string, string])[] {
  // Every request of a probe has a User-Agent of its own, by which its records are found.
  const named = [...PASSING_HEADERS.filter((name) => name !== 'User-Agent'), ...trusted];
  return [...EVERYDAY, ...named.map((name) => [name, 'kept {env.HOME}'] as const)];
}
