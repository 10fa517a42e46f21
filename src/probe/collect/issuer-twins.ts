import { z } from 'zod';
import type { IssuerProbe, IssuerTwins } from '../../checks/evidence/bad-certificates.ts';
import type { WireResult } from '../../checks/evidence.ts';
import { isRecord } from '../../cluster/differences.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { TlsJob } from '../../guest/probe/job.ts';
import { createSigningKey, publicJwk, type SigningJwk } from '../../keys/idp-secrets.ts';
import { twinIssuers } from '../../mesh/manifests/twins.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { HONEST } from '../certificates/flaws.ts';
import { forge } from '../certificates/forge.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import { sidecarClient } from '../certificates/shown.ts';
import { ISSUER_SERVERS, ISSUER_SERVERS_UNSHOWN } from '../certificates/verifiers.ts';
import { execPodProbe, podOf, type PodOfWorkload } from '../exec-probe.ts';
import { type BadServer, withBadServers } from './bad-servers.ts';
import { forgerOf } from './forger.ts';
import { istiodLog } from './istiod-log.ts';
import { afterKeyFetch } from './key-fetches.ts';
import { askProxy } from './proxy-admin.ts';
import { newRun, withTwinObjects } from './twin-objects.ts';
import { wireOf } from './wire.ts';
import type { Witness } from './witness.ts';

const TIMEOUT_MS = 8_000;
/** istiod collects changes for a moment, then asks every issuer once. */
const PUSH_MS = 15_000;
/** Port of the caller's container; iptables in the pod hand it to the sidecar. */
const APP_PORT = 8080;

/** An issuer that the caller's sidecar is told to believe, and the key that signs its tokens. */
interface Rule {
  readonly id: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly key: SigningJwk;
}

interface Asked {
  readonly held: ReadonlyMap<string, string>;
  readonly tokens: ReadonlyMap<string, WireResult>;
  readonly log: string;
}

/** Issuers with bad certificates, and a sidecar of the mesh that is told to believe them. */
export async function collectIssuerTwins(witness: Witness): Promise<IssuerTwins> {
  const key = createSigningKey();
  const keySet = JSON.stringify({ keys: [publicJwk(key)] });
  const order = {
    part: 'issuer',
    cases: ISSUER_SERVERS,
    answer: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: keySet }),
  } as const;
  const control = controlRule(witness);
  const { done, servers, seen } = await withBadServers(witness, order, (bad) =>
    ask(witness, [control, ...bad.filter(isCase).map((server) => ruleOf(witness, server, key))]),
  );
  const found = ({ id, issuer, jwksUri, key: { kid } }: Rule): IssuerProbe => {
    const token = done.tokens.get(id);
    if (token === undefined) throw new MeshdevError('BUG', { message: `no token of ${id} was shown` });
    return {
      seen: seen.get(id),
      keyTaken: done.held.get(issuer)?.includes(kid) === true,
      token,
      record: done.log.split('\n').find((line) => line.includes(`"${jwksUri}"`) && line.includes('x509')),
    };
  };
  return {
    control: found(control),
    probes: servers.flatMap((server) =>
      server.case === undefined
        ? []
        : [{ case: server.case, found: server.found, ...found(ruleOf(witness, server, key)) }],
    ),
    unshown: await forgeUnshown(witness),
  };
}

async function forgeUnshown(witness: Witness): Promise<IssuerTwins['unshown']> {
  const forger = await forgerOf(witness);
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
 * once took, and slows down for all when one no longer answers. This one always answers.
 */
function controlRule({ context: { lab }, keys }: Witness): Rule {
  const [key] = keys.idp.jwks.keys;
  if (key === undefined)
    throw new MeshdevError('LAB_NOT_UP', {
      message: 'the IdP of the lab has no key',
      remedies: ['meshdev up'],
    });
  return { id: 'control', issuer: 'https://twin.invalid', jwksUri: `${lab.issuer}/jwks?twin`, key };
}

function ruleOf({ context: { lab } }: Witness, { id, port }: BadServer, key: SigningJwk): Rule {
  const issuer = `https://${lab.hosts.imposter}:${port}`;
  return { id, issuer, jwksUri: `${issuer}/jwks`, key };
}

async function ask(witness: Witness, rules: readonly Rule[]): Promise<Asked> {
  const { context, signal } = witness;
  const { cluster, lab } = context;
  const caller = await podOf(cluster, lab, 'caller', signal);
  // One that fails while istiod refreshes all it has would slow it down for every issuer.
  await afterKeyFetch(witness);
  const since = new Date();
  const issuers = rules.map(({ issuer, jwksUri }) => ({ issuer, jwksUri }));
  return withTwinObjects(witness, [twinIssuers(lab, newRun(), issuers)], async () => {
    const held = await keysHeld(witness, caller, rules);
    const tokens = await showTokens(witness, caller.address, rules);
    return { held, tokens, log: await istiodLog(witness, since) };
  });
}

/** Key sets of the caller's sidecar by issuer, once the good issuer's has arrived or the time is over. */
async function keysHeld(
  { context: { cluster }, signal }: Witness,
  caller: PodOfWorkload,
  [good]: readonly Rule[],
): Promise<ReadonlyMap<string, string>> {
  let held: ReadonlyMap<string, string> = new Map();
  await waitUntil(
    async () => {
      const dump = await askProxy(cluster, caller, 'config_dump?resource=dynamic_listeners', signal);
      held = new Map(keySetsIn(JSON.parse(dump)));
      return good !== undefined && held.get(good.issuer)?.includes(good.key.kid) === true
        ? { done: true }
        : { seen: `${held.size} issuers` };
    },
    { what: 'a good issuer to be believed', timeoutMs: PUSH_MS, intervalMs: 150, signal },
    // Without its control the column proves nothing, and its judges say so.
  ).catch((error: unknown) => {
    if (held.size === 0 || signal.aborted) throw error;
  });
  return held;
}

const provider = z.looseObject({
  issuer: z.string(),
  local_jwks: z.looseObject({ inline_string: z.string() }),
});

function keySetsIn(value: unknown): readonly (readonly [issuer: string, keySet: string])[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => keySetsIn(each));
  if (!isRecord(value)) return [];
  const parsed = provider.safeParse(value);
  if (parsed.success) return [[parsed.data.issuer, parsed.data.local_jwks.inline_string]];
  return Object.values(value).flatMap((each) => keySetsIn(each));
}

/** From the intruder's pod, under the identity of the gateway: only the token is in question. */
async function showTokens(
  witness: Witness,
  address: string,
  rules: readonly Rule[],
): Promise<ReadonlyMap<string, WireResult>> {
  const { context, keys, signal } = witness;
  const { cluster, lab } = context;
  const [intruder, client] = await Promise.all([
    podOf(cluster, lab, 'intruder', signal),
    forgerOf(witness).then((forger) => sidecarClient('control', forger)),
  ]);
  const jobs = await Promise.all(
    rules.map(async ({ id, issuer, key }): Promise<TlsJob> => {
      const token = await signToken(issuer, key);
      return {
        kind: 'tls',
        id,
        host: address,
        port: APP_PORT,
        servername: `outbound_.8000_._.caller.${lab.workloads.caller.namespace}.svc.cluster.local`,
        alpn: ['istio-http/1.1', 'istio', 'http/1.1'],
        ca: keys.mesh.rootPem,
        timeoutMs: TIMEOUT_MS,
        ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
        request: {
          method: 'GET',
          path: '/',
          headers: [
            ['Host', 'caller'],
            ['Authorization', `Bearer ${token}`],
          ],
        },
      };
    }),
  );
  const results = await execPodProbe(cluster, intruder, jobs, signal);
  return new Map(rules.map(({ id }) => [id, wireOf(results, id)]));
}

async function signToken(issuer: string, key: SigningJwk): Promise<string> {
  const { SignJWT } = await import('jose');
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .setIssuer(issuer)
    .setSubject('imposter')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);
}
