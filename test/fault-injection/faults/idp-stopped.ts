import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'faults',
  what: 'the IdP is stopped',
  names: /container meshdev-\S*idp/,
  commit: async (bench) => {
    const { idp } = bench.lab.containers;
    await bench.docker(['stop', '-t', '1', idp]);
    return () => bench.docker(['start', idp]);
  },
  extended: true,
  turns: { 'MD-WRK-006': 'fail WRK_NOT_RUNNING' },
};
