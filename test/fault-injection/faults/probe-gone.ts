import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'faults',
  what: 'the probe is stopped',
  names: /container meshdev-\S*probe/,
  commit: async (bench) => {
    const { probe } = bench.lab.containers;
    await bench.docker(['stop', '-t', '1', probe]);
    return () => bench.docker(['start', probe]);
  },
  turns: { 'MD-WRK-008': 'fail WRK_NOT_RUNNING' },
};
