import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'the kubelet’s configuration is changed by hand in the node',
  names: 'oomScoreAdj',
  commit: async (bench) => {
    const edit = (script: string) =>
      bench.docker(['exec', bench.lab.cluster.node, 'sed', '-i', script, '/var/lib/kubelet/config.yaml']);
    await edit('s/^oomScoreAdj: 0$/oomScoreAdj: -999/');
    return () => edit('s/^oomScoreAdj: -999$/oomScoreAdj: 0/');
  },
  extended: true,
  turns: { 'MD-DRIFT-003': 'fail DRIFT_NODE_PATCH' },
};
