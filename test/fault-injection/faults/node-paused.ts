import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'faults',
  what: 'the node is paused',
  names: /container meshdev-\S*control-plane/,
  commit: async (bench) => {
    const { node } = bench.lab.cluster;
    await bench.docker(['pause', node]);
    return () => bench.docker(['unpause', node]);
  },
  extended: true,
  turns: { 'MD-WRK-007': 'fail WRK_NOT_RUNNING' },
};
