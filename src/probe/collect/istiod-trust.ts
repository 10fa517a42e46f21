import { z } from 'zod';
import type { IstiodTrust } from '../../checks/evidence/istiod-trust.ts';
import { readyPod } from '../../cluster/pods.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import { parseJson } from '../../parse-json.ts';
import type { Witness } from './witness.ts';

/** Long enough to tell late from never. */
const LOOK_BACK_MS = 120_000;

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
  const [version, extra, fetches] = await Promise.all([
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
    fetches,
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

const line = z.object({
  ts: z.number(),
  status: z.number(),
  request: z.object({
    uri: z.string(),
    headers: z.object({ 'User-Agent': z.tuple([z.string()]) }),
    tls: z.object({ version: z.number() }).optional(),
  }),
});

/** By a client written in Go: nothing else of a lab's that asks for the key set is. */
async function keySetFetches({ context: { lab }, engine, signal }: Witness): Promise<IstiodTrust['fetches']> {
  const since = new Date(Date.now() - LOOK_BACK_MS);
  const lines = await engine.containers.logs(lab.containers.edge, { since }, signal);
  return lines.flatMap(({ text }) => {
    const parsed = line.safeParse(parseJson(text));
    if (!parsed.success) return [];
    const { ts, status, request } = parsed.data;
    const isIstiod =
      request.uri === '/jwks' && request.headers['User-Agent'][0].startsWith('Go-http-client/');
    return isIstiod ? [{ at: ts * 1000, status }] : [];
  });
}
