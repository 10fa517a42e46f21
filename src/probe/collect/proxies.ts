import { z } from 'zod';
import type { Proxies, ProxySeen, SyncState, UnseenProxy } from '../../checks/evidence/proxies.ts';
import { readyPod } from '../../cluster/pods.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { GATEWAY_SELECTOR, ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { Cluster, KubeObject } from '../../ports/cluster.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';
import { askProxy } from '../../mesh/proxy-admin.ts';
import { readDump } from './proxy-dump.ts';
import type { Witness } from './witness.ts';

/** Workloads that have a proxy; the intruder has none, on purpose. */
const PROXIED = ['gateway', 'httpbin', 'ledger', 'caller'] as const satisfies readonly WorkloadName[];
const PROXY = 'istio-proxy';

const status = z.looseObject({ name: z.string(), image: z.string(), imageID: z.string().default('') });
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
export async function collectProxies({ context: { cluster, lab }, signal }: Witness): Promise<Proxies> {
  const listing = await cluster.list({ apiVersion: 'v1', kind: 'Pod' }, signal);
  const pods = listing.flatMap(toPod).filter((pod) => proxyStatus(pod) !== undefined);
  const synced = syncStates(cluster, signal);
  const asked = await Promise.all(pods.map((pod) => askOne({ cluster, lab, signal, synced }, pod)));
  const proxies = asked.flatMap((each) => ('listeners' in each ? [each] : []));
  const unseen = asked.flatMap((each) => ('because' in each ? [each] : []));
  const known = new Set([...proxies, ...unseen].map(({ workload }) => workload));
  const absent = PROXIED.filter((workload) => !known.has(workload));
  return {
    proxies,
    unseen: [
      ...unseen,
      ...absent.map((workload) => ({ workload, pod: workload, because: 'no pod of it has a proxy' })),
    ],
  };
}

function toPod(object: KubeObject): readonly Pod[] {
  const parsed = podShape.safeParse(object);
  return parsed.success && parsed.data.metadata.deletionTimestamp === undefined ? [parsed.data] : [];
}

function proxyStatus({ status: { containerStatuses, initContainerStatuses } }: Pod) {
  return [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === PROXY);
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
  const workload = workloadOf(lab, pod);
  const address = pod.status.podIP ?? '';
  try {
    const text = await askProxy(cluster, { namespace, pod: name }, 'config_dump', signal);
    return {
      workload,
      namespace,
      pod: name,
      address,
      image: container?.image ?? '',
      imageId: container?.imageID ?? '',
      ...readDump(text),
      sync: (await synced).get(`${name}.${namespace}`),
    };
  } catch (thrown) {
    return { workload, pod: `${namespace}/${name}`, because: textOf(thrown) };
  }
}

function workloadOf(lab: Lab, { metadata: { namespace, labels } }: Pod): WorkloadName | undefined {
  return PROXIED.find((name) => {
    const own = lab.workloads[name];
    const selector = name === 'gateway' ? GATEWAY_SELECTOR : { app: own.serviceAccount };
    return (
      namespace === own.namespace && Object.entries(selector).every(([key, value]) => labels[key] === value)
    );
  });
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
const INTERVAL_MS = 300;

/** What istiod sent and every proxy acknowledged: as soon as the two agree, else as it is after a while. */
async function syncStates(cluster: Cluster, signal: AbortSignal): Promise<SyncStates> {
  return lookUntil(
    () => readSyncStates(cluster, signal),
    (states) => [...states.values()].flat().every(({ sent, acked }) => sent === acked),
    { timeoutMs: ON_THE_WAY_MS, intervalMs: INTERVAL_MS, signal },
  );
}

/** By `pod.namespace`. Empty when istiod cannot be asked: its word is missing then, not the proxies'. */
async function readSyncStates(cluster: Cluster, signal: AbortSignal): Promise<SyncStates> {
  try {
    const istiod = await readyPod(cluster, { namespace: ISTIO_NAMESPACE, labels: { app: 'istiod' } }, signal);
    const { exitCode, stdout } = await cluster.exec({
      namespace: ISTIO_NAMESPACE,
      pod: istiod.metadata.name,
      container: 'discovery',
      argv: ['pilot-discovery', 'request', 'GET', '/debug/syncz'],
      timeoutMs: 10_000,
      signal,
    });
    return exitCode === 0 ? readSync(stdout.toString('utf8')) : new Map();
  } catch {
    return new Map();
  }
}

/** Pure: istiod’s `/debug/syncz`. */
export function readSync(text: string): SyncStates {
  return new Map(
    syncShape.parse(JSON.parse(text)).map(({ proxy, resources }) => [
      proxy,
      Object.entries(resources).map(([type, { sent, acked }]) => ({
        type: type.split('.').at(-1) ?? type,
        sent,
        acked,
      })),
    ]),
  );
}
