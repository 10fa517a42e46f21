import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { authorityOf } from '../../../src/topology/lab.ts';

const NETWORKING = 'networking.istio.io/v1';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'from another namespace the gateway is given a second listener, without TLS, that leads to the app',
  names: /(?:Gateway|VirtualService) default\/second/,
  commit: (bench) => {
    const { lab } = bench;
    const { namespace, serviceAccount } = lab.workloads.httpbin;
    const metadata = { name: 'second', namespace: 'default' };
    // The gateway's policy lets decoys of the zone through.
    const hosts = [`twin-second.${lab.domain}`];
    return addObject(bench, {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: NETWORKING,
          kind: 'Gateway',
          metadata,
          spec: {
            selector: { istio: 'gateway' },
            servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts }],
          },
        },
        {
          apiVersion: NETWORKING,
          kind: 'VirtualService',
          metadata,
          spec: {
            hosts,
            gateways: ['second'],
            http: [
              {
                rewrite: { authority: authorityOf(lab) },
                route: [
                  {
                    destination: {
                      host: `${serviceAccount}.${namespace}.svc.cluster.local`,
                      port: { number: 8000 },
                    },
                  },
                ],
              },
            ],
          },
        },
      ],
    });
  },
  turns: { 'MD-GW-007': 'fail GW_LISTENER_SETTING', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
