import type { Cluster } from '../ports/cluster.ts';
import type { Lab } from '../topology/lab.ts';
import type { Job, JobResult } from './program/job.ts';
import { containerProbe, type ExecEngine, podProbe, type PodOfWorkload } from './exec-probe.ts';
import type { AskProbe, Probe } from './probe-program.ts';

/** Every place that a run probes from, with one program in each. */
export interface Probes extends Disposable {
  /** From the lab's probe, on the network that edge and gateway share. */
  readonly lab: AskProbe;
  readonly pod: (
    pod: PodOfWorkload,
    jobs: readonly Job[],
    signal: AbortSignal,
  ) => Promise<readonly JobResult[]>;
}

export interface ProbesOptions {
  readonly context: { readonly cluster: Cluster; readonly lab: Lab };
  readonly engine: ExecEngine;
  /** Of the run. */
  readonly signal: AbortSignal;
}

/** Starts each program when it is first asked, and ends all when it is disposed of. */
export function createProbes({ context: { cluster, lab }, engine, signal }: ProbesOptions): Probes {
  const inLab = containerProbe(engine, lab.containers.probe, signal);
  const inPods = new Map<string, Probe>();
  const probeOf = (pod: PodOfWorkload): Probe => {
    const name = `${pod.namespace}/${pod.pod}`;
    const probe = inPods.get(name) ?? podProbe(cluster, pod, signal);
    inPods.set(name, probe);
    return probe;
  };
  return {
    lab: inLab.ask,
    pod: (pod, jobs, within) => probeOf(pod).ask(jobs, within),
    [Symbol.dispose]: () => {
      for (const probe of [inLab, ...inPods.values()]) probe[Symbol.dispose]();
    },
  };
}
