import { z } from 'zod';
import type {
  ServiceObject,
  ServicePod,
  ServicePods,
  ServicePort,
} from '../../evidence/services/service-pods.ts';
import { parseProcNetTcp } from '../../host/proc-net.ts';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { ISTIOD_PODS } from '../../mesh/manifests/names.ts';
import type { Cluster, KubeObject } from '../../ports/cluster.ts';
import { readAnswer } from '../../read-answer.ts';
import type { Service } from '../../topology/service.ts';
import { AGENT_PORTS, isPodLoopback } from '../exposure/bypass.ts';
import { collectPeerRules } from '../mesh/peer-rules.ts';
import { endpointsOf, imageVolume, podDetails, programsOf, specContainer } from '../mesh/pods.ts';
import type { Needs } from '../probe-context.ts';

const EXEC_MS = 10_000;
/** Lines of a container that does not come up: the last ones say why. */
const LAST_LINES = 6;
const SIDECAR = 'istio-proxy';

/** Pods, Service object and workloads of one service, as the API server has them. */
export async function collectServicePods(
  probeContext: Needs<'context' | 'signal'>,
  service: Service,
): Promise<ServicePods> {
  const { context, signal } = probeContext;
  const { cluster } = context;
  const { namespace } = service.identity;
  const query = { apiVersion: 'v1', kind: 'Pod', namespace, labels: service.selector };
  const [listed, found, endpoints, planned, istiod, peerRules] = await Promise.all([
    cluster.list(query, signal),
    cluster.get({ apiVersion: 'v1', kind: 'Service', name: service.id, namespace }, signal),
    endpointsOf(cluster, { namespace, name: service.id }, signal),
    plannedContainers(cluster, service, signal),
    cluster.list({ apiVersion: 'v1', kind: 'Pod', ...ISTIOD_PODS }, signal),
    collectPeerRules(probeContext),
  ]);
  // One that is being replaced says nothing about the one that replaces it.
  const staying = listed
    .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
    .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const pods = await Promise.all(staying.map((pod) => servicePod(cluster, pod, signal)));
  const running = istiod.map(podDetails).filter(({ trouble }) => trouble === undefined);
  return {
    pods,
    object: found === undefined ? undefined : { ports: servicePorts(found, staying), endpoints },
    planned,
    revisions: running.flatMap(({ revision }) => revision ?? []),
    peerRules,
  };
}

async function servicePod(cluster: Cluster, pod: KubeObject, signal: AbortSignal): Promise<ServicePod> {
  const details = podDetails(pod);
  const [sockets, lastLines] = await Promise.all([
    socketsOf(cluster, details, signal),
    lastLinesOf(cluster, details, signal),
  ]);
  return { ...details, refusesSidecar: refusesSidecar(pod), sockets, lastLines };
}

/** Pure. */
export function refusesSidecar({ metadata: { labels = {}, annotations = {} } }: KubeObject): boolean {
  return [labels, annotations].some((words) => words['sidecar.istio.io/inject'] === 'false');
}

type Details = ReturnType<typeof podDetails>;

/** All containers of a pod have the sockets of all; the sidecar can be asked whatever the app's image holds. */
async function socketsOf(
  cluster: Cluster,
  { namespace, name: pod, containers }: Details,
  signal: AbortSignal,
): Promise<ServicePod['sockets']> {
  if (!containers.some(({ name }) => name === SIDECAR)) return { because: `${pod} has no sidecar to ask` };
  try {
    const argv = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
    const asked = { namespace, pod, container: SIDECAR, argv, timeoutMs: EXEC_MS, signal };
    const { stdout } = await cluster.exec(asked);
    return listeningPorts(stdout.toString('utf8'));
  } catch (error) {
    return { because: textOf(error) };
  }
}

/** Pure. */
export function listeningPorts(text: string): Extract<ServicePod['sockets'], { open: unknown }> {
  const sockets = parseProcNetTcp(text).filter(({ port }) => !AGENT_PORTS.has(port));
  const portsOf = (kept: readonly { readonly port: number }[]): readonly number[] =>
    [...new Set(kept.map(({ port }) => port))].toSorted((a, b) => a - b);
  const open = portsOf(sockets.filter(({ address }) => !isPodLoopback(address)));
  const loopback = portsOf(sockets.filter(({ address }) => isPodLoopback(address)));
  return { open, loopback: loopback.filter((port) => !open.includes(port)) };
}

/** Of the run that ended, where there was one. */
async function lastLinesOf(
  cluster: Cluster,
  { namespace, name: pod, containers, trouble }: Details,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const broken = containers.find(({ name, ready }) => name !== SIDECAR && !ready);
  if (trouble === undefined || broken === undefined) return [];
  const query = { namespace, pod, container: broken.name, tail: LAST_LINES };
  const read = (previous: boolean): Promise<string> =>
    cluster.podLogs({ ...query, previous }, signal).catch(() => '');
  const text = (broken.restarts > 0 ? await read(true) : '') || (await read(false));
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LAST_LINES);
}

const portShape = z.object({
  port: z.number(),
  name: z.string().optional(),
  appProtocol: z.string().optional(),
  targetPort: z.union([z.number(), z.string()]).optional(),
});
const objectShape = z.object({ spec: z.object({ ports: z.array(portShape).default([]) }) });
const namedPorts = z.object({
  spec: z.object({
    containers: z.array(
      z.object({
        ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).default([]),
      }),
    ),
  }),
});

/** Pure: a port that is named leads to the container's port of that name. */
export function servicePorts(object: KubeObject, pods: readonly KubeObject[]): ServiceObject['ports'] {
  const { ports } = readAnswer(objectShape, object, `reading the service ${object.metadata.name}`).spec;
  const named = new Map(
    pods
      .flatMap((pod) => namedPorts.safeParse(pod).data?.spec.containers ?? [])
      .flatMap((container) => container.ports)
      .flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort] as const])),
  );
  return ports.map(({ port, name, appProtocol, targetPort = port }): ServicePort => ({
    port,
    ...(name === undefined ? {} : { name }),
    ...(appProtocol === undefined ? {} : { appProtocol }),
    target: typeof targetPort === 'number' ? targetPort : (named.get(targetPort) ?? targetPort),
  }));
}

const templateShape = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
      spec: z.object({
        containers: z.array(specContainer),
        volumes: z.array(imageVolume).default([]),
      }),
    }),
  }),
});

async function plannedContainers(
  cluster: Cluster,
  { identity: { namespace }, selector }: Service,
  signal: AbortSignal,
): Promise<ServicePods['planned']> {
  const listed = await Promise.all(
    ['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) =>
      cluster.list({ apiVersion: 'apps/v1', kind, namespace }, signal),
    ),
  );
  return listed.flat().flatMap((object) => {
    const { template } = readAnswer(templateShape, object, `reading ${object.metadata.name}`).spec;
    const isOwn = Object.entries(selector).every(([key, value]) => template.metadata.labels[key] === value);
    const { containers, volumes } = template.spec;
    return isOwn ? containers.map((container) => programsOf(container, volumes)) : [];
  });
}

/**
 * Pure: the port of the pod that is routed.
 * @throws MeshdevError STEP_FAILED where neither the file nor the Service of Kubernetes says which it is
 */
export function routedPort({ id, identity: { namespace }, port }: Service, { object }: ServicePods): number {
  const target = port.target ?? object?.ports.find((one) => one.port === port.service)?.target;
  if (typeof target === 'number') return target;
  throw new MeshdevError('STEP_FAILED', {
    message: `looking for the port of the pods of ${namespace}/${id}: no port ${port.service} of the Service leads to one`,
    remedies: [`meshdev kubectl get service -n ${namespace} ${id} -o yaml`],
  });
}
