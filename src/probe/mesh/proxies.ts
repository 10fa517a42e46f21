import { z } from 'zod';
import type { Proxies, ProxySeen, SyncState, UnseenProxy } from '../../evidence/proxies.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { podsOf, PROXIED } from '../../mesh/manifests/names.ts';
import type { Cluster, KubeObject } from '../../ports/cluster.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';
import { ownServices, type ServiceId } from '../../topology/service.ts';
import { askProxy } from '../../mesh/proxy-admin.ts';
import { execInIstiod } from './istiod.ts';
import { readDump } from './proxy-dump.ts';
import type { Needs } from '../probe-context.ts';
import { readJsonAnswer } from '../../read-answer.ts';

/** The container of a proxy. */
const PROXY = 'istio-proxy';

const status = z.looseObject({ name: z.string(), image: z.string(), imageID: z.string().default('') });
const planned = z.looseObject({
  name: z.string(),
  securityContext: z.looseObject({ runAsUser: z.number().optional() }).optional(),
});
const userShape = z.looseObject({
  spec: z.looseObject({ containers: z.array(planned), initContainers: z.array(planned).default([]) }),
});
const podShape = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.looseObject({
    podIP: z.string().optional(),
    containerStatuses: z.array(status).default([]),
    initContainerStatuses: z.array(status).default([]),
  }),
});
type Pod = z.infer<typeof podShape>;

/** Asks every proxy of the cluster for all that it runs, and istiod for what it sent; one exec each, all at once. */
export async function collectProxies(probeContext: Needs<'context' | 'signal'>): Promise<Proxies> {
  const { context, signal } = probeContext;
  const { cluster, lab } = context;
  const pods = await podsWithProxy(probeContext);
  const synced = syncStates(
    probeContext,
    pods.map(({ metadata }) => `${metadata.name}.${metadata.namespace}`),
  );
  const asked = await Promise.all(pods.map((pod) => askOne({ cluster, lab, signal, synced }, pod)));
  const proxies = asked.flatMap((each) => ('listeners' in each ? [each] : []));
  const unseen = asked.flatMap((each) => ('because' in each ? [each] : []));
  const known = new Set([...proxies, ...unseen].map(({ workload }) => workload));
  const absent = PROXIED.filter((workload) => !known.has(workload));
  return {
    proxies,
    unseen: [
      ...unseen,
      ...absent.map((workload) => ({ workload, pod: workload, because: 'none of its pods has a proxy' })),
    ],
  };
}

/** Every pod of the cluster that has a proxy and is not on its way out. */
export async function podsWithProxy({
  context: { cluster },
  signal,
}: Needs<'context' | 'signal'>): Promise<readonly Pod[]> {
  const listing = await cluster.list({ apiVersion: 'v1', kind: 'Pod' }, signal);
  return listing.flatMap(toPod).filter((pod) => proxyStatus(pod) !== undefined);
}

function toPod(object: KubeObject): readonly Pod[] {
  const parsed = podShape.safeParse(object);
  return parsed.success && parsed.data.metadata.deletionTimestamp === undefined ? [parsed.data] : [];
}

function proxyStatus({ status: { containerStatuses, initContainerStatuses } }: Pod) {
  return [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === PROXY);
}

/** The user of the proxy's container; undefined where the pod leaves it to the image. */
export function proxyUser(pod: Readonly<Record<string, unknown>>): number | undefined {
  const spec = userShape.safeParse(pod).data?.spec;
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return containers.find(({ name }) => name === PROXY)?.securityContext?.runAsUser;
}

interface Asking {
  readonly cluster: Cluster;
  readonly lab: Lab;
  readonly signal: AbortSignal;
  readonly synced: Promise<SyncStates>;
}

async function askOne({ cluster, lab, signal, synced }: Asking, pod: Pod): Promise<ProxySeen | UnseenProxy> {
  const { name, namespace } = pod.metadata;
  const container = proxyStatus(pod);
  const id = serviceOfPod(lab, pod);
  const whose = { workload: workloadOf(lab, pod), ...(id === undefined ? {} : { service: id }) };
  const address = pod.status.podIP ?? '';
  const user = proxyUser(pod);
  try {
    const text = await askProxy(cluster, { namespace, pod: name }, 'config_dump', signal);
    return {
      ...whose,
      namespace,
      pod: name,
      address,
      image: container?.image ?? '',
      imageId: container?.imageID ?? '',
      ...(user === undefined ? {} : { user }),
      ...readDump(text),
      sync: (await synced).get(`${name}.${namespace}`),
    };
  } catch (thrown) {
    return { ...whose, pod: `${namespace}/${name}`, because: textOf(thrown) };
  }
}

/** Undefined for a pod that is none of the lab's workloads. */
export function workloadOf(
  lab: Lab,
  { metadata: { namespace, labels } }: Pick<Pod, 'metadata'>,
): WorkloadName | undefined {
  return PROXIED.find((name) => {
    const own = podsOf(lab, name);
    return (
      namespace === own.namespace && Object.entries(own.labels).every(([key, value]) => labels[key] === value)
    );
  });
}

/** The service of the user's that selects a pod; undefined for a pod of the lab's own or of somebody else's. */
export function serviceOfPod(
  lab: Lab,
  { metadata: { namespace, labels } }: Pick<Pod, 'metadata'>,
): ServiceId | undefined {
  return ownServices(lab).find(
    ({ identity, selector }) =>
      namespace === identity.namespace &&
      Object.entries(selector).every(([key, value]) => labels[key] === value),
  )?.id;
}

const syncShape = z.array(
  z.looseObject({
    proxy: z.string(),
    resources: z
      .record(z.string(), z.looseObject({ sent: z.string().default(''), acked: z.string().default('') }))
      .default({}),
  }),
);

type SyncStates = ReadonlyMap<string, readonly SyncState[]>;

/** Every change on the cluster is on its way for a moment, those of the other evidence too. */
const ON_THE_WAY_MS = 5_000;
/** Until every proxy has come back to an istiod that was replaced. */
const COME_BACK_MS = 20_000;
const INTERVAL_MS = 300;

/**
 * What istiod sent and every proxy acknowledged: as soon as the two agree, else as it is after a while. An istiod
 * that was replaced knows only those that have come back to it.
 */
async function syncStates(
  probeContext: Needs<'context' | 'signal'>,
  wanted: readonly string[],
): Promise<SyncStates> {
  const began = performance.now();
  const isAgreed = (states: SyncStates): boolean =>
    [...states.values()].flat().every(({ sent, acked }) => sent === acked);
  return lookUntil(
    () => readSyncStates(probeContext),
    (states) =>
      wanted.every((name) => states.has(name)) &&
      (isAgreed(states) || performance.now() - began > ON_THE_WAY_MS),
    { timeoutMs: COME_BACK_MS, intervalMs: INTERVAL_MS, signal: probeContext.signal },
  );
}

/** By `pod.namespace`. Empty when istiod cannot be asked: its word is missing then, not the proxies'. */
async function readSyncStates(probeContext: Needs<'context' | 'signal'>): Promise<SyncStates> {
  try {
    const argv = ['pilot-discovery', 'request', 'GET', '/debug/syncz'];
    const { exitCode, stdout } = await execInIstiod(probeContext, argv);
    return exitCode === 0 ? readSync(stdout.toString('utf8')) : new Map();
  } catch {
    return new Map();
  }
}

/** Pure: istiod’s `/debug/syncz`. */
export function readSync(text: string): SyncStates {
  return new Map(
    readJsonAnswer(syncShape, text, 'reading /debug/syncz from istiod').map(({ proxy, resources }) => [
      proxy,
      Object.entries(resources).map(([type, { sent, acked }]) => ({
        type: type.split('.').at(-1) ?? type,
        sent,
        acked,
      })),
    ]),
  );
}
