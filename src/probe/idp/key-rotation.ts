import { RBAC_DENIED } from '../../records/rbac-words.ts';
import type { KeyRotation, KeySetInForce } from '../../evidence/key-rotation.ts';
import {
  nextRehearsalKid,
  REHEARSAL_ISSUER,
  REHEARSAL_PATH,
  REHEARSAL_SIGNAL,
  rehearsalKey,
  rehearsalKid,
} from '../../guest/idp/rehearsal.ts';
import { keySetsByIssuer } from '../../mesh/key-set.ts';
import { decoyIssuers } from '../../mesh/manifests/decoys.ts';
import { patience } from '../../run/patience.ts';
import { lookUntil } from '../../run/wait-until.ts';
import { edgeRequest } from '../../edge/edge-request.ts';
import type { PodOfWorkload } from '../../agent/exec-probe.ts';
import { edgeAccess } from '../edge/edge-access.ts';
import { pauseOfIstiod } from './key-fetches.ts';
import { newRun, withDecoyObjects } from '../decoys/decoy-objects.ts';
import { showTokens } from '../mesh/validating-proxy.ts';
import type { Needs } from '../probe-context.ts';

/** Until a sidecar has a rule that was just made, also from an istiod that it has yet to come back to. */
const PUSH_MS = 20_000;
/**
 * Longer than istiod should take, for a machine that is busy: what comes late is told from what never comes.
 */
const ROTATION_MS = 30_000;
/** istiod asks every 10 s, or after the 14 s that a check just before cost it; the push takes a moment. */
const WITHIN_MS = 17_000;
/** More of it where istiod says that it pauses, which it does for a minute, and is a few seconds over the answer. */
const PAUSE_MS = 40_000;
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
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'sweep' | 'signal'>,
  caller: PodOfWorkload,
  { changed, next }: Then<T>,
): Promise<{ readonly rotation: KeyRotation; readonly done: T }> {
  const { lab } = probeContext.context;
  const issuer = { issuer: REHEARSAL_ISSUER, jwksUri: `${lab.issuer}${REHEARSAL_PATH}` };
  return withDecoyObjects(probeContext, [decoyIssuers(lab, newRun(), [issuer])], async () => {
    const first = await lookAtKeys(probeContext, caller, ({ held }) => held !== undefined, PUSH_MS);
    const before = first?.held && (await inForce(probeContext, caller, [nextRehearsalKid(first.published)]));
    const began = performance.now();
    if (before) await moveOn(probeContext);
    changed();
    const moved = before ? await untilMoved(probeContext, caller, before.held) : NOT_MOVED;
    const waitedMs = performance.now() - began;
    const [after, done] = await Promise.all([
      before && moved.arrived ? inForce(probeContext, caller, [before.held]) : undefined,
      next(moved.arrived),
    ]);
    const { pause } = moved;
    const rotation = {
      before: before || undefined,
      after,
      waitedMs,
      withinMs: patience(WITHIN_MS),
      ...(pause && { pause }),
    };
    return { rotation, done };
  });
}

/** The IdP publishes the next key from now on. */
async function moveOn({
  context: { lab },
  engine,
  signal,
}: Needs<'context' | 'engine' | 'signal'>): Promise<void> {
  const argv = ['sh', '-c', `kill -s ${REHEARSAL_SIGNAL.slice('SIG'.length)} 1`];
  await engine.containers.exec(lab.containers.idp, { argv, timeoutMs: 5_000 }, signal);
}

interface Moved extends Pick<KeyRotation, 'pause'> {
  readonly arrived: boolean;
}

const NOT_MOVED: Moved = { arrived: false };

/** Waits for a key that the IdP publishes now and did not before; longer where istiod says why it is late. */
async function untilMoved(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
  caller: PodOfWorkload,
  before: string,
): Promise<Moved> {
  const began = new Date();
  const isNext = ({ held, published }: Keys): boolean => held !== before && held === published;
  if ((await lookAtKeys(probeContext, caller, isNext, ROTATION_MS)) !== undefined) return { arrived: true };
  const pause = await pauseOfIstiod(probeContext, began);
  if (pause === undefined) return NOT_MOVED;
  return { arrived: (await lookAtKeys(probeContext, caller, isNext, PAUSE_MS)) !== undefined, pause };
}

/** Key ids of the rehearsal: the one that the sidecar holds, and the one that the IdP shows. */
interface Keys {
  readonly held: string | undefined;
  readonly published: string;
}

/** @returns the look at which it was as wanted; undefined when it never was */
async function lookAtKeys(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
  caller: PodOfWorkload,
  isWanted: (keys: Keys) => boolean,
  timeoutMs: number,
): Promise<Keys | undefined> {
  const look = async (): Promise<Keys> => {
    const [held, published] = await Promise.all([heldBy(probeContext, caller), publishedBy(probeContext)]);
    return { held, published };
  };
  const seen = await lookUntil(look, isWanted, {
    timeoutMs,
    intervalMs: INTERVAL_MS,
    signal: probeContext.signal,
  });
  return isWanted(seen) ? seen : undefined;
}

/**
 * Shows a token of the key that is held, and of others, until only the former is taken or it is clear that it is
 * not. What is held is looked at each time: another check may let the IdP move on meanwhile.
 */
async function inForce(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'signal'>,
  caller: PodOfWorkload,
  others: readonly string[],
): Promise<KeySetInForce> {
  return lookUntil(
    async () => {
      const held = (await heldBy(probeContext, caller)) ?? '';
      const shown = [held, ...others.filter((kid) => kid !== held)].map((kid) => ({
        id: kid,
        issuer: REHEARSAL_ISSUER,
        key: rehearsalKey(probeContext.keys.idp, kid),
      }));
      return { held, tokens: Object.fromEntries(await showTokens(probeContext, caller.address, shown)) };
    },
    ({ held, tokens }) =>
      Object.entries(tokens).every(([id, { body }]) => (body === RBAC_DENIED) === (id === held)),
    { timeoutMs: SETTLE_MS, intervalMs: INTERVAL_MS, signal: probeContext.signal },
  );
}

async function heldBy(
  { context: { cluster }, signal }: Needs<'context' | 'signal'>,
  caller: PodOfWorkload,
): Promise<string | undefined> {
  return rehearsalKid((await keySetsByIssuer(cluster, caller, signal)).get(REHEARSAL_ISSUER) ?? '');
}

async function publishedBy(probeContext: Needs<'context' | 'keys' | 'signal'>): Promise<string> {
  const url = new URL(`${probeContext.context.lab.issuer}${REHEARSAL_PATH}`);
  const { body } = await edgeRequest(edgeAccess(probeContext), url, { method: 'GET' });
  return rehearsalKid(body) ?? '';
}
