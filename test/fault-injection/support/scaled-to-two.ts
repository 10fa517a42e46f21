import { scaleTo } from './cluster.ts';
import type { Harmless } from './harmless.ts';

/** One pod more of a workload that requests pass. */
export function scaledToTwo(workload: 'httpbin' | 'gateway', what: string): Harmless {
  return {
    what,
    apply: async (bench) => {
      const { namespace, serviceAccount } = bench.lab.workloads[workload];
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
}
