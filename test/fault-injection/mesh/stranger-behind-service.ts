import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a service selects another workload’s pods',
  names: 'Service apps/httpbin',
  commit: (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    const other = bench.lab.workloads.caller.serviceAccount;
    return patchObject(bench, { kind: 'service', namespace, name: serviceAccount }, [
      ['replace', '/spec/selector', { app: other }],
    ]);
  },
  extended: true,
  turns: {
    'MD-WRK-003': 'fail WRK_NOT_HTTP',
    'MD-GW-009': 'fail MESH_NO_COMMON_TLS',
    'MD-WRK-002': 'fail WRK_OTHER_ENDPOINT',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
