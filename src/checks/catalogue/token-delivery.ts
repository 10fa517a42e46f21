import { DELIVERIES } from '../../cases/tokens/delivery-cases.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import type { DeliveryRequest, ProxyLives, TokenCanary } from '../../evidence/tokens.ts';
import { notFromApp } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { forgedCases, refusedAs } from './forged-cases.ts';

const COMMON = {
  hop: 'gateway->sidecar',
  polarity: 'negative',
  refuser: 'sidecar',
  control: 'MD-JWT-001',
  blocking: false,
} as const;

/** Where more than the corpus of forged tokens is evidence. */
export const TOKEN_DELIVERY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-JWT-012',
    title: 'keys and key URLs carried in the token are ignored',
    impact: 'the attacker brings the key, or makes a proxy fetch what he wants',
    hint: 'Envoy version',
    ...COMMON,
    evidence: ['token.walks', 'token.canary'],
    judge: ({ 'token.walks': walks, 'token.canary': canary }) =>
      eachCase([
        ...forgedCases(walks, 'MD-JWT-012', 'JWT_FOREIGN_KEY_TAKEN'),
        ['nobody-came', canaryVerdict(canary)],
      ]),
  }),
  defineCheck({
    id: 'MD-JWT-019',
    title: 'the token judged is the only one the app receives',
    impact: 'the app acts on another token than the one that was judged',
    hint: '`fromHeaders`, `fromParams` and `fromCookies` of RequestAuthentication `tokens`',
    ...COMMON,
    evidence: ['token.deliveries'],
    judge: ({ 'token.deliveries': walks }) =>
      eachCase(
        DELIVERIES.map(({ id }) => [
          id,
          delivered(
            walks.find((traced) => traced.case.id === id),
            id,
          ),
        ]),
      ),
  }),
  defineCheck({
    id: 'MD-JWT-020',
    title: 'malformed and oversized tokens are refused and the proxies live on',
    impact: 'the parser is too lenient, or a token can crash a proxy',
    hint: 'Envoy version',
    ...COMMON,
    evidence: ['token.walks', 'proxy.lives'],
    judge: ({ 'token.walks': walks, 'proxy.lives': lives }) =>
      eachCase([
        ...forgedCases(walks, 'MD-JWT-020', 'JWT_MALFORMED_ACCEPTED'),
        ['gateway-lives-on', livesOn('gateway', lives)],
        ['sidecar-lives-on', livesOn('httpbin', lives)],
      ]),
  }),
];

function canaryVerdict({ answered, reachable, hits }: TokenCanary): Verdict {
  if (hits.length > 0)
    return fail('JWT_FOREIGN_KEY_TAKEN', `somebody fetched what a token names: ${hits.join(', ')}`);
  if (!reachable) return unknown('NOT_REACHED', 'the canary cannot be reached from a pod: nobody could come');
  return answered === 0
    ? unknown('NO_RECORD', 'no token with a key URL was judged while the canary listened')
    : pass(`${answered} tokens named it, 0 requests came`);
}

function delivered(traced: DeliveryRequest | undefined, id: string): Verdict {
  if (traced === undefined) return unknown('CASE_NOT_RUN', `nobody handed a token over as ${id}`);
  const { why, expected } = traced.case;
  const who = `a good token, handed over oddly (${id}: ${why})`;
  if (expected.kind === 'refused') return refusedAs(traced, expected, who, 'JWT_OTHER_DELIVERY_TAKEN');
  const stranger = notFromApp(traced, `${who} was accepted so far`, 'JWT_TOLERANCE_MOVED');
  return stranger ?? seeing(judgedIsReceived(traced, who, expected.subject), exchangeItem(traced));
}

function judgedIsReceived(traced: DeliveryRequest, who: string, subject: string): Verdict {
  const judged = traced.sidecar?.jwt_subject ?? 'no subject';
  const received = traced.echo?.bearers ?? [traced.echo?.subject ?? 'none'];
  return judged === subject && received.join() === subject
    ? pass(`judged and received: ${subject}`)
    : fail(
        'JWT_OTHER_TOKEN_RECEIVED',
        `${who}: the sidecar judged ${judged}, the app received ${received.join(', ')}`,
      );
}

function livesOn(workload: keyof ProxyLives['upMs'], { corpusMs, upMs }: ProxyLives): Verdict {
  const seconds = Math.round(upMs[workload] / 1000);
  // Envoy counts whole seconds: one that started right before the corpus is not told from one after it.
  return upMs[workload] + 1000 >= corpusMs
    ? pass(`up for ${seconds} s`)
    : fail(
        'JWT_PROXY_CRASHED',
        `the proxy of ${workload} has run for ${seconds} s only, the corpus was sent ${Math.round(corpusMs / 1000)} s ago: it started anew`,
      );
}
