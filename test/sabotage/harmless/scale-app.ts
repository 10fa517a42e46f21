import { scaleTo } from '../support/cluster.ts';
import type { Harmless } from '../support/harmless.ts';

export const harmless: Harmless = {
  what: 'the app is scaled to two',
  apply: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    await scaleTo(bench, namespace, serviceAccount, 2);
    return () => scaleTo(bench, namespace, serviceAccount, 1);
  },
  concerns: [
    'MD-DRIFT-001',
    'MD-CONT-001',
    'MD-HDR-009',
    'MD-RBAC-001',
    'MD-RBAC-002',
    'MD-EGW-011',
    'MD-WRK-002',
  ],
};
