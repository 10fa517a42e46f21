import { patchObject, rolledOut } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'the app is started with one variable more',
  commit: async (bench) => {
    const { namespace, serviceAccount: name } = bench.lab.workloads.httpbin;
    const path = '/spec/template/spec/containers/0/env/-';
    const restore = await patchObject(bench, { kind: 'deployment', namespace, name }, [
      ['add', path, { name: 'NODE_OPTIONS', value: '--no-warnings' }],
    ]);
    await rolledOut(bench, namespace, name);
    return async () => {
      await restore();
      await rolledOut(bench, namespace, name);
    };
  },
  turns: { 'MD-EXPO-014': 'fail EXPO_POD_EXTENDED' },
  // Whoever compares lists of variables as a whole sees it too.
  mayTurn: ['MD-DRIFT-001'],
  says: { 'MD-EXPO-014': ['NODE_OPTIONS', 'Deployment apps/httpbin'] },
};
