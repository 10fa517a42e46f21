import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'names',
  what: 'a ServiceEntry of another namespace answers for the name of the issuer',
  commit: (bench) => {
    const { issuer } = bench.lab;
    return addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'issuer', namespace: 'default' },
      spec: {
        hosts: [new URL(issuer).hostname],
        location: 'MESH_EXTERNAL',
        resolution: 'STATIC',
        ports: [{ number: 9, name: 'tcp-discard', protocol: 'TCP' }],
        endpoints: [{ address: '192.0.2.1' }],
      },
    });
  },
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  // Names and addresses of the proxies change with it.
  mayTurn: ['MD-NAME-004', 'MD-DRIFT-006'],
  says: { 'MD-DRIFT-004': ['ServiceEntry default/issuer', '192.0.2.1 answer for'] },
};
