import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'faults',
  what: 'the edge is stopped',
  names: /container meshdev-\S*edge/,
  commit: async (bench) => {
    const { edge } = bench.lab.containers;
    await bench.docker(['stop', '-t', '1', edge]);
    return () => bench.docker(['start', edge]);
  },
  turns: {
    'MD-EDGE-013': 'fail EDGE_CLIENT_REFUSES',
    'MD-WRK-005': 'fail WRK_NOT_RUNNING',
    'MD-EDGE-001': 'fail EDGE_NOT_SERVING',
    'MD-EDGE-007': 'fail EDGE_ALPN',
  },
};
