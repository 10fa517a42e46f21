import { addObject, patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** The same pods, by a name that is none of the cluster's: still mutual TLS, and no longer the service's rules. */
export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the public host is routed to a ServiceEntry instead of the service',
  names: /VirtualService apps\/httpbin|ServiceEntry apps\/sabotage/,
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    const gone = await addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'sabotage', namespace },
      spec: {
        hosts: ['app.sabotage.internal'],
        location: 'MESH_INTERNAL',
        resolution: 'STATIC',
        ports: [{ number: 8000, targetPort: 8080, name: 'http', protocol: 'HTTP' }],
        workloadSelector: { labels: { app: serviceAccount } },
      },
    });
    const back = await patchObject(bench, { kind: 'virtualservice', namespace, name: 'httpbin' }, [
      ['replace', '/spec/http/0/route/0/destination/host', 'app.sabotage.internal'],
    ]);
    return async () => {
      await back();
      await gone();
    };
  },
  turns: {
    'MD-MESH-003': 'fail MESH_PASSTHROUGH',
    'MD-GW-004': 'fail GW_OTHER_BACKEND',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
