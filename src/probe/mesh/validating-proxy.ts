import type { WireResult } from '../../evidence/wire-result.ts';
import type { PrivateJwk } from '../../guest/idp/config.ts';
import type { TlsJob } from '../../agent/program/job.ts';
import { sidecarClient } from '../certificates/shown.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { forgerOf } from '../certificates/forger.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

/*
 * The caller's sidecar as a judge of tokens: the caller admits nobody, so that a decoy rule there opens
 * nothing. A token that is taken comes as far as the policies.
 */

const TIMEOUT_MS = 8_000;
/** Port of the caller's container; iptables in the pod hand it to the sidecar. */
const APP_PORT = 8080;

/** A token to be signed and shown. */
export interface ShownToken {
  readonly id: string;
  readonly issuer: string;
  readonly key: PrivateJwk & { readonly kid: string };
}

/** From the non-mesh client's pod, under the identity of the gateway: only the token is in question. */
export async function showTokens(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'signal'>,
  address: string,
  tokens: readonly ShownToken[],
): Promise<ReadonlyMap<string, WireResult>> {
  const { context, keys, probes, signal } = probeContext;
  const { cluster, lab } = context;
  const [nonMeshClient, client] = await Promise.all([
    podOf(cluster, lab, 'intruder', signal),
    forgerOf(probeContext).then((forger) => sidecarClient('control', forger)),
  ]);
  const jobs = await Promise.all(
    tokens.map(async ({ id, issuer, key }): Promise<TlsJob> => {
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
  const results = await probes.pod(nonMeshClient, jobs, signal);
  return new Map(tokens.map(({ id }) => [id, wireOf(results, id)]));
}

async function signToken(issuer: string, key: ShownToken['key']): Promise<string> {
  const { SignJWT } = await import('jose');
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .setIssuer(issuer)
    .setSubject('imposter')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign({ ...key });
}
