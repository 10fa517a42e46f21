import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import type { ContainerEngine, FollowedContainerLog } from '../../ports/container-engine.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { podOf } from '../exec-probe.ts';

/** Whose log: the edge, the gateway's proxy, and the proxy and the app of the sample service. */
export type Party = 'edge' | 'gateway' | 'sidecar' | 'app';

const PODS: Readonly<
  Record<Exclude<Party, 'edge'>, { readonly workload: WorkloadName; readonly container: string }>
> = {
  gateway: { workload: 'gateway', container: 'istio-proxy' },
  sidecar: { workload: 'httpbin', container: 'istio-proxy' },
  app: { workload: 'httpbin', container: 'app' },
};

/** The clocks of engine and node may be a little behind ours. */
const SKEW_MS = 2_000;

/**
 * Logs that are followed from the beginning of a run on. Read again and again, those of pods would end
 * where the kubelet rotates them, which a busy lab sees every few runs; that of the edge would be read
 * from its start each time.
 */
export interface PartyLogs extends Disposable {
  /**
   * All lines since the beginning, as far as they have come; those of a party that is not there stay empty.
   * @throws MeshdevError when the log of a pod could not be followed to this moment
   */
  of(party: Party): readonly string[];
}

interface Ways {
  readonly context: LabContext;
  readonly engine: ContainerEngine;
  readonly signal: AbortSignal;
}

export function followPartyLogs({ context, engine, signal }: Ways): PartyLogs {
  const over = new AbortController();
  const ways = { context, engine, signal: AbortSignal.any([signal, over.signal]) };
  const since = new Date(Date.now() - SKEW_MS);
  const followed: Readonly<Record<Party, () => readonly string[]>> = {
    // A stopped edge has written all that it will.
    edge: follow(since, (log) => engine.containers.followLogs(context.lab.containers.edge, log, ways.signal)),
    gateway: follow(since, (log) => followPod(ways, 'gateway', log)),
    sidecar: follow(since, (log) => followPod(ways, 'sidecar', log)),
    app: follow(since, (log) => followPod(ways, 'app', log)),
  };
  return {
    of: (party) => followed[party](),
    [Symbol.dispose]: () => over.abort(),
  };
}

/** @returns what gives the lines so far, and throws what went wrong on the way */
function follow(since: Date, begin: (log: FollowedContainerLog) => Promise<void>): () => readonly string[] {
  const lines: string[] = [];
  let failure: { readonly error: unknown } | undefined;
  begin({ since, onLine: (line) => lines.push(line) }).catch((error: unknown) => {
    failure = { error };
  });
  return () => {
    if (failure !== undefined) throw failure.error;
    return lines;
  };
}

/** A pod that is not there leaves no records; what that means is for the judges to say. */
async function followPod(
  { context: { cluster, lab }, signal }: Ways,
  party: Exclude<Party, 'edge'>,
  { since, onLine }: FollowedContainerLog,
): Promise<void> {
  const { workload, container } = PODS[party];
  const pod = await podOf(cluster, lab, workload, signal).catch(() => undefined);
  if (pod === undefined) return;
  const { namespace, pod: name } = pod;
  const log = { namespace, pod: name, container, sinceTime: since, onLine };
  await cluster.followPodLog(log, signal);
  throw new MeshdevError('STEP_FAILED', {
    message: `following the log of ${namespace}/${name} (${container}): it ended in the middle of the run`,
    remedies: ['meshdev status', 'meshdev check'],
  });
}
