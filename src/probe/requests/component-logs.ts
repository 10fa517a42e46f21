import { APP_ID } from '../../sample/names.ts';
import { z } from 'zod';
import type { Cluster, KubeObject } from '../../ports/cluster.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { ownServices, type Service, type ServiceId } from '../../topology/service.ts';
import { type FollowedPodLog, followPodLogs, podsOfDeployment } from './pod-logs.ts';

/** Whose log: the edge, the gateway's proxy, and the proxy and the app of the sample service; of all their pods. */
export const COMPONENTS = ['edge', 'gateway', 'sidecar', 'app'] as const;

export type Component = (typeof COMPONENTS)[number];

const PODS = [
  { component: 'gateway', workload: 'gateway', container: 'istio-proxy' },
  { component: 'sidecar', workload: APP_ID, container: 'istio-proxy' },
  { component: 'app', workload: APP_ID, container: 'app' },
] as const;

/** The clocks of engine and node may be a little behind ours. */
const SKEW_MS = 2_000;
/** More than the edge writes in that time. */
const MOST_LINES = 2_000;

/**
 * Logs that are followed from the beginning of a run on: read again and again, those of pods would begin
 * where the kubelet last rotated them.
 */
export interface ComponentLogs extends Disposable {
  /**
   * All lines since the beginning, as far as they have come; those of a component that is not there stay empty.
   * @throws MeshdevError when the follower of pods' logs, or of the edge's, has failed
   */
  of(component: Component): readonly string[];
  /**
   * The same of the sidecars of one of the user's services, those of all its pods.
   * @throws MeshdevError when the follower of pods' logs has failed
   */
  ofSidecars(service: ServiceId): readonly PodLine[];
}

/** One line of a log, and whose it is. */
export interface PodLine {
  readonly pod: string;
  readonly line: string;
}

interface Ways {
  readonly context: LabContext;
  readonly engine: ContainerEngine;
  readonly signal: AbortSignal;
}

export function followComponentLogs({ context, engine, signal }: Ways): ComponentLogs {
  const over = new AbortController();
  const ways = { context, engine, signal: AbortSignal.any([signal, over.signal]) };
  const since = new Date(Date.now() - SKEW_MS);
  const read: Readonly<Record<Component, string[]>> = { edge: [], gateway: [], sidecar: [], app: [] };
  const sidecars = new Map<ServiceId, PodLine[]>(ownServices(context.lab).map(({ id }) => [id, []]));
  const into = (component: Component) => (line: string) => void read[component].push(line);
  const intoSidecars = (service: ServiceId) => (line: string, pod: string) =>
    void sidecars.get(service)?.push({ pod, line });
  // A stopped edge has written all that it will.
  const edgeFailed = begin(
    engine.containers.followLogs(
      context.lab.containers.edge,
      { since, tail: MOST_LINES, onLine: into('edge') },
      ways.signal,
    ),
  );
  const podsFailed = begin(followPods(ways, since, { into, intoSidecars }));
  return {
    of: (component) => {
      const failed = component === 'edge' ? edgeFailed() : podsFailed();
      if (failed !== undefined) throw failed.error;
      return read[component];
    },
    ofSidecars: (service) => {
      const failed = podsFailed();
      if (failed !== undefined) throw failed.error;
      return sidecars.get(service) ?? [];
    },
    [Symbol.dispose]: () => over.abort(),
  };
}

/** @returns what tells whether it failed, and how */
function begin(following: Promise<void>): () => { readonly error: unknown } | undefined {
  let failure: { readonly error: unknown } | undefined;
  following.catch((error: unknown) => {
    failure = { error };
  });
  return () => failure;
}

/** A pod that is not there leaves no records; what that means is for the judges to say. */
async function followPods(
  { context: { cluster, lab }, engine, signal }: Ways,
  since: Date,
  { into, intoSidecars }: Takers,
): Promise<void> {
  const [logs, ofServices] = await Promise.all([
    Promise.all(
      PODS.map(async ({ component, workload, container }): Promise<FollowedPodLog> => {
        const { namespace, serviceAccount: deployment } = lab.workloads[workload];
        const pod = await podOf(cluster, lab, workload, signal).catch(() => undefined);
        const expected = pod === undefined ? 'awaited' : 'present';
        return { namespace, pods: { deployment }, container, expected, onLine: into(component) };
      }),
    ),
    Promise.all(
      ownServices(lab).map(async (service): Promise<FollowedPodLog> => ({
        namespace: service.identity.namespace,
        pods: { named: await namesOf(service, { cluster, signal }) },
        container: 'istio-proxy',
        // A user's own rollout or scaling is no fault of the follower.
        expected: 'optional',
        onLine: intoSidecars(service.id),
      })),
    ),
  ]);
  if (ofServices.length === 0 && logs.every(({ expected }) => expected === 'awaited')) return;
  await followPodLogs(engine, [...logs, ...ofServices], { node: lab.cluster.node, since, signal });
}

interface Takers {
  readonly into: (component: Component) => (line: string) => void;
  readonly intoSidecars: (service: ServiceId) => (line: string, pod: string) => void;
}

async function namesOf(
  { id, identity: { namespace }, selector: labels }: Service,
  { cluster, signal }: { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<string> {
  const query = { apiVersion: 'v1', kind: 'Pod', namespace, labels };
  const pods = await cluster.list(query, signal).catch(() => []);
  return podNamePattern(id, pods);
}

const ownerShape = z.array(z.object({ kind: z.string(), name: z.string() })).default([]);

/**
 * Pure: a regular expression of the names of a service's pods, those of a rollout during the run too. Without any, that
 * of a Deployment with the name of the service.
 */
export function podNamePattern(service: ServiceId, pods: readonly KubeObject[]): string {
  const patterns = pods.map(({ metadata }) => {
    const [owner] = ownerShape.safeParse(metadata['ownerReferences']).data ?? [];
    const hash = metadata.labels?.['pod-template-hash'];
    if (owner?.kind === 'ReplicaSet' && hash !== undefined)
      return podsOfDeployment(owner.name.replace(new RegExp(`-${hash}$`), ''));
    return owner?.kind === 'StatefulSet' ? `${owner.name}-[0-9]+` : metadata.name;
  });
  const unique = [...new Set(patterns)];
  return unique.length === 0 ? podsOfDeployment(service) : unique.join('|');
}
