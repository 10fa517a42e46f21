import { z } from 'zod';
import type { IstiodTrust } from '../../evidence/istiod-trust.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import { execInIstiod, istiodPod } from '../mesh/istiod.ts';
import { keySetFetches } from './key-fetches.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

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
export async function collectIstiodTrust(
  probeContext: Needs<'context' | 'engine' | 'signal'>,
): Promise<IstiodTrust> {
  const { context, signal } = probeContext;
  const { cluster } = context;
  const pod = readAnswer(podShape, await istiodPod(probeContext), 'reading the pod of istiod');
  const roots = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'pilot-jwks-extra-cacerts',
    namespace: ISTIO_NAMESPACE,
  };
  const [version, extra, asked] = await Promise.all([
    versionOf(probeContext),
    cluster.get(roots, signal),
    keySetFetches(probeContext),
  ]);
  const env = pod.spec.containers.flatMap((container) => container.env);
  return {
    environment: Object.fromEntries(
      env.filter(({ name }) => /JWKS|JWT/.test(name)).map(({ name, value }) => [name, value ?? '']),
    ),
    extraRootPem:
      extra === undefined
        ? ''
        : Object.values(readAnswer(rootsShape, extra, `reading ConfigMap ${roots.name}`).data).join('\n'),
    version,
    ...asked,
  };
}

/** `1.31.0` of the binary itself: a tag of an image may say anything. */
async function versionOf(probeContext: Needs<'context' | 'signal'>): Promise<string> {
  const { stdout } = await execInIstiod(probeContext, ['pilot-discovery', 'version']);
  return /Version:"([^"]+)"/.exec(stdout.toString('utf8'))?.[1] ?? '';
}
