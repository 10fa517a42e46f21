import type { Bench } from '../support/bench.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

const CONFIG = '/var/lib/kubelet/config.yaml';

export const fault: FaultInjection = {
  category: 'host',
  what: 'the kubelet answers anonymous calls',
  names: /kubelet/,
  commit: async (bench) => {
    const inNode = (script: string): Promise<string> =>
      bench.docker(['exec', bench.lab.cluster.node, 'sh', '-c', script]);
    await inNode(
      `cp -p ${CONFIG} ${CONFIG}.kept && sed -i '/anonymous:/{n;s/false/true/}; s/mode: Webhook/mode: AlwaysAllow/' ${CONFIG}`,
    );
    await restart(bench);
    return async () => {
      await inNode(`mv ${CONFIG}.kept ${CONFIG}`);
      await restart(bench);
    };
  },
  extended: true,
  turns: {
    'MD-EXPO-006[kubelet-logs]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-EXPO-006': 'fail EXPO_CLUSTER_OPEN',
  },
};

async function restart(bench: Bench): Promise<void> {
  await bench.docker(['exec', bench.lab.cluster.node, 'systemctl', 'restart', 'kubelet']);
  await bench.kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=60s');
}
