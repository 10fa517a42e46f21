import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { isExposed, type ExposedService } from '../../topology/service.ts';
import { GATEWAY_CREDENTIAL, gatewayRef, GATEWAY_SELECTOR } from './names.ts';
import { labObject } from './object.ts';
import { ownLabels } from './services/own-labels.ts';

/** The way in: one listener for the whole zone, and a route for each public host. */
export function routing(lab: Lab): readonly KubeObject[] {
  return [gateway(lab), ...lab.services.filter(isExposed).map((service) => route(lab, service))];
}

/**
 * One wildcard server: several with one certificate would answer 404 on reused connections.
 * `subjectAltNames` pins Caddy: MUTUAL alone admits every certificate of the mesh root, so any workload's.
 */
function gateway(lab: Lab): KubeObject {
  const server = {
    port: { number: 443, name: 'https-public', protocol: 'HTTPS' },
    hosts: [`*.${lab.domain}`],
    tls: {
      mode: 'MUTUAL',
      credentialName: GATEWAY_CREDENTIAL,
      minProtocolVersion: 'TLSV1_3',
      subjectAltNames: [lab.hosts.edge],
    },
  };
  return labObject(
    lab,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      name: 'public',
      namespace: lab.workloads.gateway.namespace,
      role: 'routing',
    },
    { spec: { selector: GATEWAY_SELECTOR, servers: [server] } },
  );
}

/** One that is the lab's own answers at once; how long another takes is its own affair. */
const ECHO_TIMEOUT = '15s';

/** No retries: one request at the edge is one request at the app, or an error that shows. */
function route(lab: Lab, service: ExposedService): KubeObject {
  const { id, host, identity, port, app } = service;
  const destination = {
    host: `${id}.${identity.namespace}.svc.cluster.local`,
    port: { number: port.service },
  };
  return labObject(
    lab,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      name: id,
      namespace: identity.namespace,
      role: 'routing',
      labels: ownLabels(service),
    },
    {
      spec: {
        hosts: [host],
        gateways: [gatewayRef(lab)],
        http: [
          {
            name: id,
            route: [{ destination }],
            retries: { attempts: 0 },
            ...(app === 'echo' ? { timeout: ECHO_TIMEOUT } : {}),
          },
        ],
      },
    },
  );
}
