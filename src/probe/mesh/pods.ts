import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { z } from 'zod';
import type { PodContainer, PodFacts, PodsState, ServiceFacts } from '../../evidence/components.ts';
import { podTrouble } from '../../cluster/status.ts';
import type { PodsQuery } from '../../cluster/pods.ts';
import { ISTIOD_PODS, podsOf, PROXIED } from '../../mesh/manifests/names.ts';
import type { Cluster, KubeObject } from '../../ports/cluster.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { collectPeerRules } from './peer-rules.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** The pods of every workload, and who stands behind the services of the two that have one. */
export async function collectPods(probeContext: Needs<'context' | 'signal'>): Promise<PodsState> {
  const { lab } = probeContext.context;
  const selectors: readonly (readonly [PodFacts['workload'], PodsQuery])[] = [
    ['istiod', ISTIOD_PODS],
    ...WORKLOADS.map((workload): readonly [WorkloadName, PodsQuery] => [workload, podsOf(lab, workload)]),
  ];
  const [peerRules, pods, services] = await Promise.all([
    collectPeerRules(probeContext),
    Promise.all(selectors.map(([workload, selector]) => factsOfPods(probeContext, workload, selector))),
    Promise.all(SERVED.map((workload) => serviceOf(probeContext, workload))),
  ]);
  return { peerRules, pods: pods.flat(), services: services.flat() };
}

const WORKLOADS: readonly WorkloadName[] = [...PROXIED, 'intruder'];
const SERVED: readonly WorkloadName[] = [APP_ID, INTERNAL_ID];

async function factsOfPods(
  { context: { cluster }, signal }: Needs<'context' | 'signal'>,
  workload: PodFacts['workload'],
  selector: PodsQuery,
): Promise<readonly PodFacts[]> {
  const found = await cluster.list({ apiVersion: 'v1', kind: 'Pod', ...selector }, signal);
  // One that is being replaced says nothing about the one that replaces it.
  const staying = found.filter((pod) => pod.metadata['deletionTimestamp'] === undefined);
  return staying.map((pod) => podFacts(workload, pod));
}

const statusShape = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number().default(0),
  lastState: z
    .object({
      terminated: z.object({ finishedAt: z.string().optional(), reason: z.string().optional() }).optional(),
    })
    .default({}),
});
/** Of a container whose end the node did not see, because it ended with it: `stop` and `start` of a lab. */
const ENDED_UNSEEN = 'Unknown';

export const specContainer = z.object({
  name: z.string(),
  image: z.string(),
  volumeMounts: z.array(z.object({ name: z.string() })).default([]),
});
export const imageVolume = z.object({
  name: z.string(),
  image: z.object({ reference: z.string() }).optional(),
});
const podShape = z.object({
  spec: z.object({
    hostNetwork: z.boolean().default(false),
    containers: z.array(specContainer),
    initContainers: z.array(specContainer).default([]),
    volumes: z.array(imageVolume).default([]),
  }),
  status: z.object({
    podIP: z.string().default(''),
    containerStatuses: z.array(statusShape).default([]),
    initContainerStatuses: z.array(statusShape).default([]),
  }),
});

/** Pure: one pod of the API server. */
export function podFacts(workload: PodFacts['workload'], pod: KubeObject): PodFacts {
  return { workload, ...podDetails(pod) };
}

/** Pure: the same of a pod that is none of the lab's own workloads. */
export function podDetails(pod: KubeObject): Omit<PodFacts, 'workload'> {
  const { spec, status } = readAnswer(podShape, pod, `reading the pod ${pod.metadata.name}`);
  const trouble = podTrouble(pod);
  // The annotation is what the injector wrote; istiod itself has the label only.
  const revision = pod.metadata.annotations?.['istio.io/rev'] ?? pod.metadata.labels?.['istio.io/rev'];
  const statuses = [...status.containerStatuses, ...status.initContainerStatuses];
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    address: status.podIP,
    hostNetwork: spec.hostNetwork,
    ...(trouble === undefined ? {} : { trouble }),
    ...(revision === undefined ? {} : { revision }),
    containers: [...spec.containers, ...spec.initContainers].map(({ name, image, volumeMounts }) => {
      return containerFacts(
        programsOf({ name, image, volumeMounts }, spec.volumes),
        statuses.find((each) => each.name === name),
      );
    }),
  };
}

/** Pure: what a container runs: its image, and the one that is mounted for its program. */
export function programsOf(
  { name, image, volumeMounts }: z.infer<typeof specContainer>,
  volumes: readonly z.infer<typeof imageVolume>[],
): Pick<PodContainer, 'name' | 'image' | 'program'> {
  const mounted = volumes.find((volume) =>
    volumeMounts.some((mount) => mount.name === volume.name && volume.image !== undefined),
  );
  const program = mounted?.image?.reference;
  return { name, image, ...(program === undefined ? {} : { program }) };
}

function containerFacts(
  spec: Pick<PodContainer, 'name' | 'image' | 'program'>,
  status: z.infer<typeof statusShape> | undefined,
): PodContainer {
  const last = status?.lastState.terminated;
  const ended = last?.reason === ENDED_UNSEEN ? undefined : last?.finishedAt;
  return {
    ...spec,
    ready: status?.ready === true,
    restarts: status?.restartCount ?? 0,
    ...(ended === undefined ? {} : { endedAt: Date.parse(ended) }),
  };
}

const serviceShape = z.object({ spec: z.object({ clusterIP: z.string().default('') }) });
const sliceShape = z.object({
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().optional() }).default({}),
        targetRef: z.object({ kind: z.string(), name: z.string() }).optional(),
      }),
    )
    .nullish(),
});

async function serviceOf(
  { context: { cluster, lab }, signal }: Needs<'context' | 'signal'>,
  workload: WorkloadName,
): Promise<readonly ServiceFacts[]> {
  const { namespace, serviceAccount: name } = lab.workloads[workload];
  const [service, endpoints] = await Promise.all([
    cluster.get({ apiVersion: 'v1', kind: 'Service', name, namespace }, signal),
    endpointsOf(cluster, { namespace, name }, signal),
  ]);
  if (service === undefined) return [];
  return [
    {
      workload,
      address: readAnswer(serviceShape, service, `reading the service ${name}`).spec.clusterIP,
      endpoints,
    },
  ];
}

/** Who stands behind a service. */
export async function endpointsOf(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<ServiceFacts['endpoints']> {
  const slices = await cluster.list(
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      namespace,
      labels: { 'kubernetes.io/service-name': name },
    },
    signal,
  );
  const endpoints = slices.flatMap(
    (slice) => readAnswer(sliceShape, slice, `reading the endpoints of ${name}`).endpoints ?? [],
  );
  return endpoints.flatMap(({ addresses, conditions, targetRef }) =>
    addresses.map((address) => ({
      address,
      pod: targetRef?.kind === 'Pod' ? targetRef.name : undefined,
      ready: conditions.ready !== false,
    })),
  );
}
