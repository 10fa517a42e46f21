import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
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

/** What a follower is handed: from when on, and what to do with each line. */
interface Sink {
  readonly since: Date;
  readonly onLine: (line: string) => void;
}

export function followPartyLogs({ context, engine, signal }: Ways): PartyLogs {
  const over = new AbortController();
  const ways = { context, engine, signal: AbortSignal.any([signal, over.signal]) };
  const since = new Date(Date.now() - SKEW_MS);
  const followed: Readonly<Record<Party, () => readonly string[]>> = {
    edge: follow(since, (sink) => followEdge(ways, sink)),
    gateway: follow(since, (sink) => followPod(ways, 'gateway', sink)),
    sidecar: follow(since, (sink) => followPod(ways, 'sidecar', sink)),
    app: follow(since, (sink) => followPod(ways, 'app', sink)),
  };
  return {
    of: (party) => followed[party](),
    [Symbol.dispose]: () => over.abort(),
  };
}

/** @returns what gives the lines so far, and throws what went wrong on the way */
function follow(since: Date, begin: (sink: Sink) => Promise<void>): () => readonly string[] {
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

/** A stopped edge has written all that it will. */
async function followEdge(
  { context: { lab }, engine, signal }: Ways,
  { since, onLine }: Sink,
): Promise<void> {
  await engine.containers.followLogs(lab.containers.edge, { since, onLine }, signal);
}

/** A pod that is not there leaves no records; what that means is for the judges to say. */
async function followPod(
  { context: { cluster, lab }, signal }: Ways,
  party: Exclude<Party, 'edge'>,
  { since, onLine }: Sink,
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
