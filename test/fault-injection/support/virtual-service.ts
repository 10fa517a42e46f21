import type { Lab } from '../../../src/topology/lab.ts';

/** Somebody’s route beside the lab’s own; without meshdev’s label. */
export function virtualService(lab: Lab, name: string, host: string): Readonly<Record<string, unknown>> {
  const { namespace, serviceAccount } = lab.workloads.httpbin;
  const destination = { host: `${serviceAccount}.${namespace}.svc.cluster.local`, port: { number: 8000 } };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: {
      hosts: [host],
      gateways: [`${lab.workloads.gateway.namespace}/public`],
      http: [{ match: [{ uri: { prefix: '/never' } }], rewrite: { uri: '/ever' }, route: [{ destination }] }],
    },
  };
}
