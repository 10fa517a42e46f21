import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a workload runs under the account `default`',
  names: 'Deployment apps/caller',
  commit: (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.caller;
    return patchObject(bench, { kind: 'deployment', namespace, name: serviceAccount }, [
      ['replace', '/spec/template/spec/serviceAccountName', 'default'],
      ['replace', '/spec/template/spec/serviceAccount', 'default'],
    ]);
  },
  extended: true,
  turns: {
    'MD-MESH-017': 'fail MESH_PEER_REFUSED',
    'MD-MESH-011': 'fail CERT_NAME_MISMATCH',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
