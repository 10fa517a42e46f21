import { patchWith, replacePods } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { idleContainer } from '../support/pods.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'somebody debugs the app with an ephemeral container',
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    const pod = (
      await bench.kubectl(
        'get',
        'pod',
        '-n',
        namespace,
        '-l',
        `app=${serviceAccount}`,
        '-o',
        'jsonpath={.items[0].metadata.name}',
      )
    ).trim();
    const container = await idleContainer(bench, { name: 'debugger', targetContainerName: 'app' });
    await patchWith(bench, { kind: 'pod', namespace, name: pod }, [
      '--subresource=ephemeralcontainers',
      '--type=strategic',
      '-p',
      JSON.stringify({ spec: { ephemeralContainers: [container] } }),
    ]);
    // It stays as long as the pod does.
    return () => replacePods(bench, namespace, serviceAccount);
  },
  turns: { 'MD-EXPO-014': 'fail EXPO_POD_EXTENDED' },
  says: { 'MD-EXPO-014': ['ephemeral container debugger', 'Deployment apps/httpbin'] },
};
