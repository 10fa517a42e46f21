import { GATEWAY_CREDENTIAL } from '../../../src/mesh/manifests/names.ts';
import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the gateway’s bundle of client CAs holds the edge’s CA too',
  names: 'Secret istio-ingress/gateway-credential',
  commit: async (bench) => {
    const { edge, gateway } = await bench.context.keys();
    const bundle = Buffer.from(`${gateway.clientCaPem}${edge.rootPem}`).toString('base64');
    const { namespace } = bench.lab.workloads.gateway;
    return patchObject(bench, { kind: 'secret', namespace, name: GATEWAY_CREDENTIAL }, [
      ['replace', '/data/ca.crt', bundle],
    ]);
  },
  turns: { 'MD-EGW-009[edge-ca]': 'fail EGW_CA_TOO_WIDE', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
