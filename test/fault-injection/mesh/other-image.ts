import { IN_CLUSTER_IMAGES } from '../../../src/versions.ts';
import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'an app runs another image than the planned one',
  names: 'Deployment backend/ledger',
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.ledger;
    const ctr = (...argv: readonly string[]): Promise<string> =>
      bench.docker(['exec', bench.lab.cluster.node, 'ctr', '-n', 'k8s.io', 'images', ...argv]);
    const other = 'meshdev.local/sabotage:1';
    await ctr('tag', '--force', IN_CLUSTER_IMAGES.httpbin, other);
    const restore = await patchObject(bench, { kind: 'deployment', namespace, name: serviceAccount }, [
      ['replace', '/spec/template/spec/volumes/0/image/reference', other],
    ]);
    return async () => {
      await restore();
      await ctr('remove', other);
    };
  },
  extended: true,
  turns: { 'MD-WRK-002': 'fail WRK_OTHER_IMAGE', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
