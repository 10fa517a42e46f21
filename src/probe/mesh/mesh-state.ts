import { z } from 'zod';
import type { MeshState, ProxySecrets } from '../../evidence/mesh-state.ts';
import type { Proxies } from '../../evidence/proxies.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { compareWithInstalled } from '../../mesh/installation.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../../mesh/manifests/mesh-objects.ts';
import { readAnswer } from '../../read-answer.ts';
import { describe } from '../../cluster/describe-comparison.ts';
import { jwkThumbprint } from '../../trust/token.ts';
import { keysInProxy } from '../../mesh/key-set.ts';
import { echoService } from '../../topology/lab.ts';
import { LABEL } from '../../topology/labels.ts';
import type { Needs } from '../probe-context.ts';
import { serviceOfObject } from '../services/service-objects.ts';

/** What the cluster holds and what its proxies really run. */
export async function collectMeshState(
  probeContext: Needs<'context' | 'keys' | 'objectsKept' | 'signal'>,
  proxies: () => Promise<Proxies>,
): Promise<MeshState> {
  const { context, signal } = probeContext;
  const { cluster, lab } = context;
  const [drift, scaled, seen, held] = await Promise.all([
    probeContext.objectsKept ? [] : driftOf(probeContext),
    scaledOf(probeContext),
    proxies(),
    keysInProxy(cluster, echoService(lab), signal),
  ]);
  return {
    drift,
    scaled,
    secrets: secretsOf(seen),
    jwks: held.map((key) => ({ kid: key.kid ?? '(no kid)', thumbprint: jwkThumbprint(key) })),
  };
}

async function driftOf({
  context,
  keys,
  signal,
}: Needs<'context' | 'keys' | 'signal'>): Promise<readonly string[]> {
  const { cluster, lab } = context;
  const material = meshMaterial(keys);
  const wanted = [
    ...foundationObjects(lab, material),
    ...ruleObjects(lab).filter((object) => serviceOfObject(object) === undefined),
    ...workloadObjects(lab, material),
  ];
  const [comparisons, istio] = await Promise.all([
    cluster.compare(wanted, signal),
    compareWithInstalled(cluster, signal),
  ]);
  return [
    ...comparisons.filter(({ kind }) => kind !== 'same').map(describe),
    ...(istio.kind === 'same' ? [] : [`Istio: ${istio.because}`]),
  ];
}

const deployment = z.object({ spec: z.object({ replicas: z.number().default(1) }) });

/** How many pods a Deployment has is for whoever scales it; that it is another number than the plan's is told. */
async function scaledOf({
  context: { cluster, lab },
  signal,
}: Needs<'context' | 'signal'>): Promise<readonly string[]> {
  const query = { apiVersion: 'apps/v1', kind: 'Deployment', labels: { [LABEL.lab]: lab.name } };
  return (await cluster.list(query, signal)).flatMap((object) => {
    const { namespace = '', name } = object.metadata;
    const { replicas } = readAnswer(
      deployment,
      object,
      `reading the number of pods of ${namespace}/${name}`,
    ).spec;
    return replicas === 1 ? [] : [`${namespace}/${name} has ${replicas} pods`];
  });
}

/** SDS names of a proxy's own workload certificate and of the mesh's anchors. */
const [OWN, ANCHORS] = ['default', 'ROOTCA'];

/** A proxy that could not be asked has no entry: judges say so. */
function secretsOf({ proxies }: Proxies): readonly ProxySecrets[] {
  return proxies.flatMap(({ workload, secrets }) => {
    if (workload === undefined) return [];
    const find = (name: string) => secrets.find((each) => each.name === name && each.state === 'active');
    return [
      {
        workload,
        chainPem: find(OWN)?.chainPem,
        rootPem: find(ANCHORS)?.anchorsPem,
        warming: secrets.filter(({ state }) => state === 'warming').map(({ name }) => name),
      },
    ];
  });
}
