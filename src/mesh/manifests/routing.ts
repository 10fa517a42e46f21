import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { GATEWAY_CREDENTIAL, gatewayRef, GATEWAY_SELECTOR, SERVICE_PORT } from './names.ts';
import { labObject } from './object.ts';

/** The way in: one listener for the whole zone, and a route for each public host. */
export function routing(lab: Lab): readonly KubeObject[] {
  return [gateway(lab), httpbinRoute(lab)];
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

/** No retries: one request at the edge is one request at the app, or an error that shows. */
function httpbinRoute(lab: Lab): KubeObject {
  const { namespace, serviceAccount } = lab.workloads.httpbin;
  const host = `${serviceAccount}.${namespace}.svc.cluster.local`;
  return labObject(
    lab,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      name: 'httpbin',
      namespace,
      role: 'routing',
    },
    {
      spec: {
        hosts: [lab.hosts.httpbin],
        gateways: [gatewayRef(lab)],
        http: [
          {
            name: 'httpbin',
            route: [{ destination: { host, port: { number: SERVICE_PORT } } }],
            retries: { attempts: 0 },
            timeout: '15s',
          },
        ],
      },
    },
  );
}
