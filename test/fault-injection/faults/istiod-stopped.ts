import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'faults',
  what: 'istiod has no pod',
  names: /Deployment istio-system\/istiod|istiod has no ready pod/,
  commit: async (bench) => {
    const scale = (replicas: string): Promise<string> =>
      bench.kubectl('scale', '-n', 'istio-system', 'deployment', 'istiod', '--replicas', replicas);
    await scale('0');
    return () => scale('1');
  },
  extended: true,
  turns: { 'MD-WRK-010': 'fail WRK_NO_READY_POD', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
