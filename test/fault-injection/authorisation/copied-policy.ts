import { LABEL } from '../../../src/topology/labels.ts';
import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'a copy of a policy of the lab, with its labels, opens a path to everybody',
  names: 'AuthorizationPolicy apps/httpbin-read-2',
  commit: (bench) => {
    const { lab } = bench;
    const { namespace, serviceAccount } = lab.workloads.httpbin;
    return addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: {
        name: 'httpbin-read-2',
        namespace,
        labels: { [LABEL.lab]: lab.name, [LABEL.managedBy]: 'meshdev' },
      },
      spec: {
        selector: { matchLabels: { app: serviceAccount } },
        action: 'ALLOW',
        rules: [{ to: [{ operation: { paths: ['/uuid'] } }] }],
      },
    });
  },
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
