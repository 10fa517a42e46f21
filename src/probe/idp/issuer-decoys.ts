import type { IssuerProbe, IssuerDecoys } from '../../evidence/bad-certificates.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { createSigningKey, publicJwk, type SigningJwk } from '../../keys/idp-secrets.ts';
import { keySetsByIssuer } from '../../mesh/key-set.ts';
import { decoyIssuers } from '../../mesh/manifests/decoys.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { HONEST } from '../../cases/certificates/flaws.ts';
import { forge } from '../certificates/forge.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import { ISSUER_SERVERS, ISSUER_SERVERS_UNSHOWN } from '../../cases/certificates/verifiers.ts';
import { podOf, type PodOfWorkload } from '../../agent/exec-probe.ts';
import { type BadServer, withBadServers } from '../decoys/bad-servers.ts';
import { forgerOf } from '../certificates/forger.ts';
import { istiodLog } from '../mesh/istiod-log.ts';
import { withKeyRotation } from './key-rotation.ts';
import { showTokens } from '../mesh/validating-proxy.ts';
import { newRun, withDecoyObjects } from '../decoys/decoy-objects.ts';
import type { Needs } from '../probe-context.ts';

/** istiod collects changes for a moment, then asks every issuer once. */
const PUSH_MS = 15_000;

/** An issuer that the caller's sidecar is told to believe, and the key that signs its tokens. */
interface Rule {
  readonly id: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly key: SigningJwk;
}

interface Asked {
  readonly control: Rule;
  readonly held: ReadonlyMap<string, string>;
  readonly tokens: ReadonlyMap<string, WireResult>;
  readonly log: string;
}

/**
 * Issuers with bad certificates, and a sidecar of the mesh that is told to believe them.
 * @throws MeshdevError LAB_NOT_UP
 */
export async function collectIssuerDecoys(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'sweep' | 'inTurn' | 'signal'>,
): Promise<IssuerDecoys> {
  await expectIssuer(probeContext);
  const key = createSigningKey();
  const keySet = JSON.stringify({ keys: [publicJwk(key)] });
  const order = {
    part: 'issuer',
    cases: ISSUER_SERVERS,
    answer: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: keySet }),
  } as const;
  const caller = await podOf(
    probeContext.context.cluster,
    probeContext.context.lab,
    'caller',
    probeContext.signal,
  );
  const listening = Promise.withResolvers<readonly BadServer[]>();
  const next = async (rotated: boolean): Promise<Asked> => {
    const bad = (await listening.promise).filter(isCase).map((server) => ruleOf(probeContext, server, key));
    return ask(probeContext, caller, { control: controlRule(probeContext, rotated), bad });
  };
  // The wait for the new key is the longest of all: the servers are made ready meanwhile.
  const rotated = withFirstTurn(probeContext, (changed) =>
    withKeyRotation(probeContext, caller, { changed, next }),
  );
  // Each is awaited below; either may fail before.
  for (const each of [listening.promise, rotated]) each.catch(() => undefined);
  const imposed = await withBadServers(probeContext, order, (bad) => {
    listening.resolve(bad);
    return rotated;
  }).catch(async (error: unknown) => {
    listening.reject(error);
    await rotated.catch(() => undefined);
    throw error;
  });
  const { servers, seen } = imposed;
  const { rotation, done } = imposed.done;
  const found = ({ id, issuer, jwksUri, key: { kid } }: Rule): IssuerProbe => {
    const token = done.tokens.get(id);
    if (token === undefined) throw new MeshdevError('BUG', { message: `no token of ${id} was sent` });
    return {
      seen: seen.get(id),
      keyTaken: done.held.get(issuer)?.includes(kid) === true,
      token,
      record: done.log.split('\n').find((line) => line.includes(`"${jwksUri}"`) && line.includes('x509')),
    };
  };
  return {
    rotation,
    control: found(done.control),
    probes: servers.flatMap((server) =>
      server.case === undefined
        ? []
        : [{ case: server.case, found: server.found, ...found(ruleOf(probeContext, server, key)) }],
    ),
    unshown: await forgeUnshown(probeContext),
  };
}

/** Without the IdP, and the edge in front of it, every wait for istiod would be in vain. */
async function expectIssuer({
  context: { lab },
  engine,
  signal,
}: Needs<'context' | 'engine' | 'signal'>): Promise<void> {
  const { edge, idp } = lab.containers;
  await Promise.all(
    [edge, idp].map(async (name) => {
      if ((await engine.containers.inspect(name, signal))?.state === 'running') return;
      throw new MeshdevError('LAB_NOT_UP', {
        message: `container ${name} is not running: istiod cannot connect to the test issuers`,
        remedies: ['meshdev up'],
      });
    }),
  );
}

/**
 * What follows waits up to 10 s for istiod, and needs nothing of this machine meanwhile: the corpora, which
 * need all of it, begin when that wait does.
 */
async function withFirstTurn<T>(
  { inTurn }: Needs<'inTurn'>,
  work: (endTurn: () => void) => Promise<T>,
): Promise<T> {
  const turn = Promise.withResolvers<void>();
  const over = inTurn(() => turn.promise);
  try {
    return await work(turn.resolve);
  } finally {
    turn.resolve();
    await over;
  }
}

async function forgeUnshown(probeContext: Needs<'context' | 'keys'>): Promise<IssuerDecoys['unshown']> {
  const forger = await forgerOf(probeContext);
  return Promise.all(
    ISSUER_SERVERS_UNSHOWN.map(async (each) => ({
      case: each,
      found: findingsOf(
        'issuer',
        (await forge('issuer', each.recipe ?? HONEST, forger)).certificatePem,
        forger,
      ),
    })),
  );
}

function isCase(server: BadServer): boolean {
  return server.case !== undefined;
}

/**
 * The good issuer is the lab's own IdP under another name: istiod goes on asking for a key set that it
 * once took, for a week, and slows down for all when one no longer answers. This one always answers.
 * @param rotated istiod has just taken a new key from there; else it may hold this key set from before, and
 *   is told of one that it never asked for
 */
function controlRule({ context: { lab }, keys }: Needs<'context' | 'keys'>, rotated: boolean): Rule {
  const [key] = keys.idp.jwks.keys;
  if (key === undefined)
    throw new MeshdevError('LAB_NOT_UP', {
      message: 'the IdP of the lab has no key',
      remedies: ['meshdev up'],
    });
  return {
    id: 'control',
    issuer: 'https://twin.invalid',
    jwksUri: `${lab.issuer}/jwks?twin${rotated ? '' : `=${newRun()}`}`,
    key,
  };
}

function ruleOf({ context: { lab } }: Needs<'context'>, { id, port }: BadServer, key: SigningJwk): Rule {
  const issuer = `https://${lab.hosts.rogueServer}:${port}`;
  return { id, issuer, jwksUri: `${issuer}/jwks`, key };
}

async function ask(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'sweep' | 'signal'>,
  caller: PodOfWorkload,
  { control, bad }: { readonly control: Rule; readonly bad: readonly Rule[] },
): Promise<Asked> {
  const { lab } = probeContext.context;
  const rules = [control, ...bad];
  const since = new Date();
  const issuers = rules.map(({ issuer, jwksUri }) => ({ issuer, jwksUri }));
  return withDecoyObjects(probeContext, [decoyIssuers(lab, newRun(), issuers)], async () => {
    const held = await keysHeld(probeContext, caller, rules);
    const tokens = await showTokens(probeContext, caller.address, rules);
    return { control, held, tokens, log: await istiodLog(probeContext, since) };
  });
}

/** Key sets of the caller's sidecar by issuer, once the good issuer's has arrived or the time is over. */
async function keysHeld(
  probeContext: Needs<'context' | 'signal'>,
  caller: PodOfWorkload,
  [good]: readonly Rule[],
): Promise<ReadonlyMap<string, string>> {
  let held: ReadonlyMap<string, string> = new Map();
  await waitUntil(
    async () => {
      held = await keySetsByIssuer(probeContext.context.cluster, caller, probeContext.signal);
      return good !== undefined && held.get(good.issuer)?.includes(good.key.kid) === true
        ? { done: true }
        : { seen: `${held.size} issuers` };
    },
    {
      what: 'a valid issuer to be accepted',
      timeoutMs: PUSH_MS,
      intervalMs: 300,
      signal: probeContext.signal,
    },
    // Without its control the column proves nothing, and its judges say so.
  ).catch((error: unknown) => {
    if (held.size === 0 || probeContext.signal.aborted) throw error;
  });
  return held;
}
