import type { WireResult } from '../../src/evidence/wire-result.ts';
import type { Bypass } from '../../src/evidence/bypass.ts';
import type { PartsState, PodFacts, PodsState } from '../../src/evidence/components.ts';
import type { ProxySeen } from '../../src/evidence/proxies.ts';
import type { Break } from './break-evidence.ts';

/** What became of one container of the lab. */
export function container(name: string, change: Partial<PartsState['containers'][number]>): Break {
  return (all) => ({
    ...all,
    parts: {
      ...all.parts,
      containers: all.parts.containers.map((one) => (one.name === name ? { ...one, ...change } : one)),
    },
  });
}

export function pods(change: (state: PodsState) => Partial<PodsState>): Break {
  return (all) => ({ ...all, pods: { ...all.pods, ...change(all.pods) } });
}

export function podOf(workload: PodFacts['workload'], change: (pod: PodFacts) => Partial<PodFacts>): Break {
  return pods((state) => ({
    pods: state.pods.map((pod) => (pod.workload === workload ? { ...pod, ...change(pod) } : pod)),
  }));
}

export function bypass(change: (state: Bypass) => Partial<Bypass>): Break {
  return (all) => ({ ...all, bypass: { ...all.bypass, ...change(all.bypass) } });
}

/** What one way around the chain came to. */
export function wayAround(check: string, id: string, wire: WireResult): Break {
  return bypass(({ tried }) => ({
    tried: tried.map((one) => (one.check === check && one.id === id ? { ...one, wire } : one)),
  }));
}

export function proxy(
  workload: ProxySeen['workload'],
  change: (seen: ProxySeen) => Partial<ProxySeen>,
): Break {
  return (all) => ({
    ...all,
    proxies: {
      ...all.proxies,
      proxies: all.proxies.proxies.map((one) =>
        one.workload === workload ? { ...one, ...change(one) } : one,
      ),
    },
  });
}
