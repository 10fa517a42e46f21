import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'faults',
  what: 'the gateway has no pod',
  names: /Deployment istio-ingress\/gateway|gateway has no ready pod/,
  commit: async (bench) => {
    const scale = (replicas: string): Promise<string> =>
      bench.kubectl('scale', '-n', 'istio-ingress', 'deployment', 'gateway', '--replicas', replicas);
    await scale('0');
    return () => scale('1');
  },
  extended: true,
  turns: { 'MD-WRK-009': 'fail WRK_NO_READY_POD', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
  // The edge dials nobody until it gives up: on a busy machine its 502 comes after the evidence is due.
  mayTurn: ['MD-WRK-001'],
};
