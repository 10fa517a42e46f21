import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'names',
  what: 'a hosts line inside the edge sends the gateway’s name elsewhere',
  names: /203\.0\.113\.7/,
  commit: async (bench) => {
    const { edge } = bench.lab.containers;
    const inEdge = (script: string) => bench.docker(['exec', '-u', '0', edge, 'sh', '-c', script]);
    await inEdge(`echo '203.0.113.7 ${bench.lab.cluster.node}' >> /etc/hosts`);
    // The engine mounts the file: it can be written, not replaced.
    return () => inEdge(`kept=$(grep -v 203.0.113.7 /etc/hosts); echo "$kept" > /etc/hosts`);
  },
  turns: { 'MD-EGW-001': 'fail EGW_NAME_STALE', 'MD-NAME-004': 'fail EGW_NAME_STALE' },
};
