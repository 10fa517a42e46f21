import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Istio routes by Host alone: what the wildcard’s listener admits reaches the other’s hosts. */
export const fault: FaultInjection = {
  category: 'gateway',
  what: 'a second server for the zone asks for no client certificate',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [
      ['replace', '/spec/servers/0/hosts', [bench.lab.hosts.httpbin]],
      [
        'add',
        '/spec/servers/-',
        {
          port: { number: 443, name: 'https-other', protocol: 'HTTPS' },
          hosts: [`*.${bench.lab.domain}`],
          tls: { mode: 'SIMPLE', credentialName: 'gateway-credential', minProtocolVersion: 'TLSV1_3' },
        },
      ],
    ]),
  extended: true,
  turns: {
    'MD-GW-006': 'fail GW_CROSSED',
    'MD-GW-007': 'fail GW_LISTENER_SETTING',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
