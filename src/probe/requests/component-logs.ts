import type { LabContext } from '../../lab/lab-context.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { followPodLogs } from './pod-logs.ts';

/** Whose log: the edge, the gateway's proxy, and the proxy and the app of the sample service; of all their pods. */
export const COMPONENTS = ['edge', 'gateway', 'sidecar', 'app'] as const;

export type Component = (typeof COMPONENTS)[number];

const PODS = [
  { component: 'gateway', workload: 'gateway', container: 'istio-proxy' },
  { component: 'sidecar', workload: 'httpbin', container: 'istio-proxy' },
  { component: 'app', workload: 'httpbin', container: 'app' },
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
  const into = (component: Component) => (line: string) => void read[component].push(line);
  // A stopped edge has written all that it will.
  const edgeFailed = begin(
    engine.containers.followLogs(
      context.lab.containers.edge,
      { since, tail: MOST_LINES, onLine: into('edge') },
      ways.signal,
    ),
  );
  const podsFailed = begin(followPods(ways, since, into));
  return {
    of: (component) => {
      const failed = component === 'edge' ? edgeFailed() : podsFailed();
      if (failed !== undefined) throw failed.error;
      return read[component];
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
  into: (component: Component) => (line: string) => void,
): Promise<void> {
  const logs = await Promise.all(
    PODS.map(async ({ component, workload, container }) => {
      const { namespace, serviceAccount: deployment } = lab.workloads[workload];
      const pod = await podOf(cluster, lab, workload, signal).catch(() => undefined);
      return { namespace, deployment, container, expected: pod !== undefined, onLine: into(component) };
    }),
  );
  if (logs.every(({ expected }) => !expected)) return;
  await followPodLogs(engine, logs, { node: lab.cluster.node, since, signal });
}
