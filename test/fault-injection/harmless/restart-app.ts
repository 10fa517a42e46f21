import { rolloutRestart } from '../support/cluster.ts';
import { NOTHING, type Harmless } from '../support/harmless.ts';

export const harmless: Harmless = {
  what: 'kubectl rollout restart of the app',
  apply: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    await rolloutRestart(bench, namespace, serviceAccount);
    return NOTHING;
  },
  concerns: ['MD-DRIFT-001', 'MD-CONT-001', 'MD-HDR-009'],
};
