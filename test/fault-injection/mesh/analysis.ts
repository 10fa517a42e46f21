import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a VirtualService of somebody’s names a Gateway that there is not',
  names: 'VirtualService default/astray',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'astray', namespace: 'default' },
      spec: {
        hosts: ['shop.example.test'],
        gateways: ['default/nowhere'],
        http: [{ directResponse: { status: 200 } }],
      },
    }),
  extended: true,
  turns: {
    'MD-DRIFT-006[IST0101-VirtualService-default-astray]': 'fail DRIFT_ANALYSIS',
    'MD-DRIFT-006[IST0132-VirtualService-default-astray]': 'warn DRIFT_ANALYSIS',
  },
};
