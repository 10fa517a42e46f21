import { RBAC_DENIED } from '../../checks/refusal.ts';
import type { KeyRotation, KeySetInForce } from '../../checks/evidence/key-rotation.ts';
import {
  REHEARSAL_ISSUER,
  REHEARSAL_PATH,
  REHEARSAL_SIGNAL,
  rehearsalKeys,
} from '../../guest/idp/rehearsal.ts';
import { keySetsByIssuer } from '../../mesh/key-set.ts';
import { twinIssuers } from '../../mesh/manifests/twins.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { PodOfWorkload } from '../exec-probe.ts';
import { newRun, withTwinObjects } from './twin-objects.ts';
import { showTokens } from './validating-proxy.ts';
import type { Witness } from './witness.ts';

/** Until a sidecar has a rule that was just made. */
const PUSH_MS = 10_000;
/**
 * Longer than istiod should take, for a machine that is busy: what comes late is told from what never comes.
 */
const ROTATION_MS = 30_000;
/** A worker of Envoy may serve a connection or two by the listener before. */
const SETTLE_MS = 5_000;
/** Each look is a connection through API server and kubelet. */
const INTERVAL_MS = 300;

export interface Then<T> {
  /** Called when the key set has changed: from here on it is waited for. */
  readonly changed: () => void;
  readonly next: (rotated: boolean) => Promise<T>;
}

/**
 * Lets the caller's sidecar believe the IdP's rehearsal of a rotation, until it has seen one.
 * @param then.next begun as soon as the new key is there (or does not come): istiod has just asked for all its
 *   key sets, and what is over before it asks again cannot fail in that and slow it down for every issuer
 */
export async function withKeyRotation<T>(
  witness: Witness,
  caller: PodOfWorkload,
  { changed, next }: Then<T>,
): Promise<{ readonly rotation: KeyRotation; readonly done: T }> {
  const { lab } = witness.context;
  const issuer = { issuer: REHEARSAL_ISSUER, jwksUri: `${lab.issuer}${REHEARSAL_PATH}` };
  return withTwinObjects(witness, [twinIssuers(lab, newRun(), [issuer])], async () => {
    const first = await otherKey(witness, caller, { than: undefined, timeoutMs: PUSH_MS });
    const before = first === undefined ? undefined : await inForce(witness, caller, first);
    const began = performance.now();
    if (before !== undefined) await moveOn(witness);
    changed();
    const second = before && (await otherKey(witness, caller, { than: before.held, timeoutMs: ROTATION_MS }));
    const waitedMs = performance.now() - began;
    const [after, done] = await Promise.all([
      second === undefined ? undefined : inForce(witness, caller, second),
      next(second !== undefined),
    ]);
    return { rotation: { before, after, waitedMs }, done };
  });
}

/** The IdP publishes the next key from now on. */
async function moveOn({ context: { lab }, engine, signal }: Witness): Promise<void> {
  const argv = ['sh', '-c', `kill -s ${REHEARSAL_SIGNAL.slice('SIG'.length)} 1`];
  await engine.containers.exec(lab.containers.idp, { argv, timeoutMs: 5_000 }, signal);
}

/** The key that a sidecar holds, once it is another one. */
async function otherKey(
  witness: Witness,
  caller: PodOfWorkload,
  { than, timeoutMs }: { readonly than: string | undefined; readonly timeoutMs: number },
): Promise<string | undefined> {
  const isOther = (key: string | undefined): boolean => key !== undefined && key !== than;
  const { signal } = witness;
  const held = await lookUntil(() => heldBy(witness, caller), isOther, {
    timeoutMs,
    intervalMs: INTERVAL_MS,
    signal,
  });
  return isOther(held) ? held : undefined;
}

/** Shows a token of each key until only those of the one that is held are taken, or it is clear that they are not. */
async function inForce(witness: Witness, caller: PodOfWorkload, held: string): Promise<KeySetInForce> {
  const keys = rehearsalKeys(witness.keys.idp);
  const shown = keys.map((key) => ({ id: key.kid, issuer: REHEARSAL_ISSUER, key }));
  return lookUntil(
    async () => ({ held, tokens: Object.fromEntries(await showTokens(witness, caller.address, shown)) }),
    ({ tokens }) =>
      Object.entries(tokens).every(([id, { body }]) => (body === RBAC_DENIED) === (id === held)),
    { timeoutMs: SETTLE_MS, intervalMs: INTERVAL_MS, signal: witness.signal },
  );
}

async function heldBy(
  { context: { cluster }, signal }: Witness,
  caller: PodOfWorkload,
): Promise<string | undefined> {
  const keySet = (await keySetsByIssuer(cluster, caller, signal)).get(REHEARSAL_ISSUER) ?? '';
  return /"kid":"(rehearsal-\d)"/.exec(keySet)?.[1];
}
