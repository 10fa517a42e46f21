import { z } from 'zod';
import type { IstiodTrust } from '../../checks/evidence/istiod-trust.ts';
import { parseJson } from '../../parse-json.ts';
import { lookUntil } from '../../run/wait-until.ts';
import { istiodLog } from './istiod-log.ts';
import type { Witness } from './witness.ts';

type Fetches = IstiodTrust['fetches'];

/** Long enough to tell late from never. */
const LOOK_BACK_MS = 120_000;
/** istiod doubles its pause with every failure in a row, up to an hour. */
const LONGEST_PAUSE_MS = 3_600_000;
/** A little more than the lab's istiod waits between two fetches. */
const TICK_MS = 11_000;
const INTERVAL_MS = 100;

const line = z.object({
  ts: z.number(),
  status: z.number(),
  request: z.object({
    uri: z.string(),
    headers: z.object({ 'User-Agent': z.tuple([z.string()]) }),
  }),
});

/** Fetches of the key set by istiod, and why it may hold back: its last failure where it asked for nothing. */
export async function keySetFetches(witness: Witness): Promise<Pick<IstiodTrust, 'fetches' | 'lastFailure'>> {
  const fetches = await fetchesSince(witness, new Date(Date.now() - LOOK_BACK_MS));
  if (fetches.some(({ status }) => status === 200)) return { fetches };
  const log = await istiodLog(witness, new Date(Date.now() - LONGEST_PAUSE_MS));
  const lastFailure = failuresIn(log, witness.context.lab.hosts.imposter).at(-1);
  return { fetches, ...(lastFailure === undefined ? {} : { lastFailure }) };
}

/**
 * Waits until istiod has just asked for its key sets, for as long as its pauses usually are. What is
 * done right after that is over before it asks again.
 */
export async function afterKeyFetch({ partyLogs, signal }: Witness): Promise<void> {
  const from = partyLogs.of('edge').length;
  await lookUntil(
    () => partyLogs.of('edge').slice(from),
    (lines) => lines.some((text) => fetchIn(text) !== undefined),
    { timeoutMs: TICK_MS, intervalMs: INTERVAL_MS, signal },
  );
}

async function fetchesSince({ context: { lab }, engine, signal }: Witness, since: Date): Promise<Fetches> {
  const lines = await engine.containers.logs(lab.containers.edge, { since }, signal);
  return lines.flatMap(({ text }) => fetchIn(text) ?? []);
}

/** By a client written in Go: nothing else of a lab's that asks for the key set is. */
function fetchIn(text: string): Fetches[number] | undefined {
  const parsed = text.includes('"/jwks"') ? line.safeParse(parseJson(text)) : undefined;
  if (parsed?.success !== true) return undefined;
  const { ts, status, request } = parsed.data;
  const isIstiod = request.uri === '/jwks' && request.headers['User-Agent'][0].startsWith('Go-http-client/');
  return isIstiod ? { at: ts * 1000, status } : undefined;
}

/** Pure: the failed refreshes in istiod's log, oldest first, without those of the bad issuers of our own. */
export function failuresIn(
  log: string,
  imposter: string,
): readonly { readonly at: number; readonly what: string }[] {
  return log.split('\n').flatMap((row) => {
    const [, time = '', what = ''] =
      /^(\S+)\terror\tmodel\t(Failed to (?:refresh JWT public key|resolve Jwks) from .*)$/.exec(row) ?? [];
    return time === '' || what.includes(`//${imposter}:`) ? [] : [{ at: Date.parse(time), what }];
  });
}
