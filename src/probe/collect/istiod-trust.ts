import { z } from 'zod';
import type { IstiodTrust } from '../../checks/evidence/istiod-trust.ts';
import { readyPod } from '../../cluster/pods.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import { keySetFetches } from './key-fetches.ts';
import type { Witness } from './witness.ts';

const podShape = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    containers: z.array(
      z.object({
        name: z.string(),
        env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
      }),
    ),
  }),
});
const rootsShape = z.object({ data: z.record(z.string(), z.string()).default({}) });

/** What istiod runs with: its pod, the roots it was given, its binary, and what the edge saw of it. */
export async function collectIstiodTrust(witness: Witness): Promise<IstiodTrust> {
  const { context, signal } = witness;
  const { cluster } = context;
  const found = await readyPod(cluster, { namespace: ISTIO_NAMESPACE, labels: { app: 'istiod' } }, signal);
  const pod = podShape.parse(found);
  const roots = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'pilot-jwks-extra-cacerts',
    namespace: ISTIO_NAMESPACE,
  };
  const [version, extra, asked] = await Promise.all([
    versionOf(witness, pod.metadata.name),
    cluster.get(roots, signal),
    keySetFetches(witness),
  ]);
  const env = pod.spec.containers.flatMap((container) => container.env);
  return {
    environment: Object.fromEntries(
      env.filter(({ name }) => /JWKS|JWT/.test(name)).map(({ name, value }) => [name, value ?? '']),
    ),
    extraRootPem: extra === undefined ? '' : Object.values(rootsShape.parse(extra).data).join('\n'),
    version,
    ...asked,
  };
}

/** `1.31.0` of the binary itself: a tag of an image may say anything. */
async function versionOf({ context: { cluster }, signal }: Witness, pod: string): Promise<string> {
  const { stdout } = await cluster.exec({
    namespace: ISTIO_NAMESPACE,
    pod,
    container: 'discovery',
    argv: ['pilot-discovery', 'version'],
    timeoutMs: 10_000,
    signal,
  });
  return /Version:"([^"]+)"/.exec(stdout.toString('utf8'))?.[1] ?? '';
}
