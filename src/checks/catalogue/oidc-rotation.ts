import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown, warn } from '../check.ts';
import { wireSeen } from '../describe.ts';
import type { IstiodTrust } from '../../evidence/istiod-trust.ts';
import type { KeyRotation, KeySetInForce } from '../../evidence/key-rotation.ts';
import { RBAC_DENIED } from '../../records/rbac-words.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/**
 * The lab's istiod asks for the key set every 10 s, and waits a minute after the key set of any issuer
 * failed: that of the bad issuers which the check before this one showed it, too, each of which it tries
 * for 7 s before it goes on.
 */
const ASKS_WITHIN_MS = 90_000;

export const OIDC_ROTATION_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-OIDC-013',
    title: 'the proxies accept a new signing key and refuse a withdrawn one within the time of the policy',
    impact: 'after a rotation, valid tokens are refused or withdrawn keys are accepted for a long time',
    hint: '`PILOT_JWT_PUB_KEY_REFRESH_INTERVAL` of istiod; a failing key set of another issuer delays all fetches',
    hop: 'istiod->idp',
    polarity: 'positive',
    mode: 'twin',
    blocking: false,
    // An IdP that does not answer is no fault of istiod's.
    evidence: ['issuer.twins', 'istiod.trust', 'idp.state'],
    judge: ({ 'issuer.twins': { rotation }, 'istiod.trust': trust }, { at }) =>
      eachCase([
        ['asked', askedLately(trust, at)],
        ['not-yet-published', unpublished(rotation)],
        ['new', newKey(rotation, trust)],
        ['withdrawn', withdrawnKey(rotation, trust)],
      ]),
  }),
];

/** istiod backs off after an outage and comes back by itself: that is late, not broken. Never to ask is. */
function askedLately({ fetches, lastFailure }: IstiodTrust, at: number): Verdict {
  const ago = (time: number): string => `${Math.round((at - time) / 1000)} s ago`;
  const last = fetches.findLast(({ status }) => status === 200);
  if (last !== undefined && at - last.at <= ASKS_WITHIN_MS) return pass(`last request ${ago(last.at)}`);
  const since = fetches.at(-1) ?? lastFailure;
  if (since === undefined)
    return fail('OIDC_KEYS_NOT_ASKED', 'the records of the edge contain no fetch of the key set by istiod');
  const got = last === undefined ? `failed ${ago(since.at)}` : `got the keys ${ago(last.at)}`;
  const words = lastFailure === undefined ? '' : ` (${lastFailure.what})`;
  return warn(
    'OIDC_KEYS_NOT_ASKED',
    `istiod ${got}${words}, expected every 10 s: it waits a minute after a failure and twice as long after each further failure`,
    ['meshdev check MD-OIDC-013'],
  );
}

function unpublished({ before }: KeyRotation): Verdict {
  if (before === undefined) return neverHeld();
  return (
    notAsHeld(before) ??
    eachRefused(before, 'OIDC_UNPUBLISHED_KEY_TAKEN', 'a key that is not published yet') ??
    pass(`while ${before.held} is published, only its tokens are accepted`)
  );
}

function newKey(rotation: KeyRotation, trust: IstiodTrust): Verdict {
  const { before, after, waitedMs } = rotation;
  if (before === undefined) return neverHeld();
  if (after === undefined) return notRotated(before, rotation, trust);
  return notAsHeld(after) ?? late(rotation) ?? pass(`${after.held}, ${seconds(waitedMs)} after the change`);
}

function withdrawnKey(rotation: KeyRotation, trust: IstiodTrust): Verdict {
  const { before, after, waitedMs } = rotation;
  if (before === undefined) return neverHeld();
  if (after === undefined) return notRotated(before, rotation, trust);
  return (
    notAsHeld(after) ??
    eachRefused(after, 'OIDC_WITHDRAWN_KEY_TAKEN', 'a key that was withdrawn') ??
    late(rotation) ??
    pass(`${before.held}: 401, ${seconds(waitedMs)} after the change`)
  );
}

function neverHeld(): Verdict {
  return unknown('PATH_BROKEN', 'the proxy of caller never had a key of the rehearsal');
}

/** The control: a token of the key in force comes as far as the policies, which admit nobody. */
function notAsHeld({ held, tokens }: KeySetInForce): Verdict | undefined {
  const wire = tokens[held];
  if (wire === undefined) return unknown('CASE_NOT_RUN', `no token of ${held} was sent`);
  const who = `a token of ${held}, which the proxy of caller has`;
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  return wire.status === 403 && wire.body === RBAC_DENIED
    ? undefined
    : fail('JWT_VALID_REFUSED', `${who} should reach the policies: ${wireSeen(wire)}`);
}

function eachRefused(
  { held, tokens }: KeySetInForce,
  code: 'OIDC_UNPUBLISHED_KEY_TAKEN' | 'OIDC_WITHDRAWN_KEY_TAKEN',
  of: string,
): Verdict | undefined {
  for (const [id, wire] of Object.entries(tokens)) {
    if (id === held) continue;
    const who = `a token of ${id} (${of})`;
    const unseen = nothingSeen(wire, who);
    if (unseen !== undefined) return unseen;
    if (wire.status !== 401) return fail(code, `${who} should get 401: ${wireSeen(wire)}`);
  }
  return undefined;
}

/** What istiod waited for by its own word, after an outage or a bad issuer of our own, is over: it has asked again. */
function late({ waitedMs, withinMs, pause }: KeyRotation): Verdict | undefined {
  if (waitedMs <= withinMs) return undefined;
  const took = `the new key set arrived ${seconds(waitedMs)} after the change`;
  return pause === undefined
    ? warn('OIDC_KEYS_NOT_ASKED', `${took}, expected within ${seconds(withinMs)}`, [
        'meshdev check MD-OIDC-013',
      ])
    : pass(`${took}, because istiod pauses for a minute after: ${pause}`);
}

/** Late with a cause is a warning, as in `askedLately`; late without one is not. */
function notRotated(
  { held }: KeySetInForce,
  { waitedMs, pause }: KeyRotation,
  { lastFailure }: IstiodTrust,
): Verdict {
  const what = `the key set changed, and the proxy of caller still has ${held} ${seconds(waitedMs)} later`;
  const cause = pause ?? lastFailure?.what;
  return cause === undefined
    ? fail('OIDC_KEYS_NOT_ASKED', what)
    : warn('OIDC_KEYS_NOT_ASKED', `${what}: ${cause}`, ['meshdev check MD-OIDC-013']);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
