import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'faults',
  what: 'the node is paused',
  commit: async (bench) => {
    const { node } = bench.lab.cluster;
    await bench.docker(['pause', node]);
    return () => bench.docker(['unpause', node]);
  },
  extended: true,
  turns: { 'MD-WRK-007': 'fail WRK_NOT_RUNNING' },
};
