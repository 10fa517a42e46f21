import { APP_ID } from '../../sample/names.ts';
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
    title: 'the sidecar ignores keys and key URLs in the token',
    impact: 'an attacker can supply the key, or make a proxy fetch a URL',
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
    title: 'the app receives only the token that the sidecar validated',
    impact: 'the app uses a different token than the sidecar validated',
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
    title: 'the sidecar refuses malformed and oversized tokens, and the proxies keep running',
    impact: 'the parser is too lenient, or a token can crash a proxy',
    hint: 'Envoy version',
    ...COMMON,
    evidence: ['token.walks', 'proxy.lives'],
    judge: ({ 'token.walks': walks, 'proxy.lives': lives }) =>
      eachCase([
        ...forgedCases(walks, 'MD-JWT-020', 'JWT_MALFORMED_ACCEPTED'),
        ['gateway-lives-on', livesOn('gateway', lives)],
        ['sidecar-lives-on', livesOn(APP_ID, lives)],
      ]),
  }),
];

function canaryVerdict({ answered, reachable, hits }: TokenCanary): Verdict {
  if (hits.length > 0)
    return fail('JWT_FOREIGN_KEY_TAKEN', `a component fetched a URL that a token names: ${hits.join(', ')}`);
  if (!reachable)
    return unknown('NOT_REACHED', 'pods cannot reach the canary: no component could have fetched the URL');
  return answered === 0
    ? unknown('NO_RECORD', 'no token with a key URL was validated while the canary listened')
    : pass(`${answered} tokens named it, it received 0 requests`);
}

function delivered(traced: DeliveryRequest | undefined, id: string): Verdict {
  if (traced === undefined) return unknown('CASE_NOT_RUN', `no token was sent as ${id}`);
  const { why, expected } = traced.case;
  const who = `a valid token, sent in an unusual way (${id}: ${why})`;
  if (expected.kind === 'refused')
    return refusedAs(traced, expected, { who, code: 'JWT_OTHER_DELIVERY_TAKEN' });
  const stranger = notFromApp(traced, `${who} was accepted so far`, 'JWT_TOLERANCE_MOVED');
  return stranger ?? seeing(judgedIsReceived(traced, who, expected.subject), exchangeItem(traced));
}

function judgedIsReceived(traced: DeliveryRequest, who: string, subject: string): Verdict {
  const judged = traced.sidecar?.jwt_subject ?? 'no subject';
  const received = traced.echo?.bearers ?? [traced.echo?.subject ?? 'none'];
  return judged === subject && received.join() === subject
    ? pass(`validated and received: ${subject}`)
    : fail(
        'JWT_OTHER_TOKEN_RECEIVED',
        `${who}: the sidecar validated ${judged}, the app received ${received.join(', ')}`,
      );
}

function livesOn(workload: keyof ProxyLives['upMs'], { corpusMs, upMs }: ProxyLives): Verdict {
  const seconds = Math.round(upMs[workload] / 1000);
  // Envoy counts whole seconds: one that started right before the corpus is not told from one after it.
  return upMs[workload] + 1000 >= corpusMs
    ? pass(`up for ${seconds} s`)
    : fail(
        'JWT_PROXY_CRASHED',
        `the proxy of ${workload} has run for only ${seconds} s, the corpus was sent ${Math.round(corpusMs / 1000)} s ago: the proxy restarted`,
      );
}
