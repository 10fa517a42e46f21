import { addObject } from '../support/cluster.ts';
import type { Harmless } from '../support/harmless.ts';

const metadata = { name: 'own', namespace: 'shop' };

/** Objects of Istio that are for services and pods of their own namespace alone. */
export const harmless: Harmless = {
  what: 'somebody sets up routes, limits and logs of their own namespace',
  apply: async (bench) => {
    const restore = await addObject(bench, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: metadata.namespace },
    });
    const networking = { apiVersion: 'networking.istio.io/v1', metadata };
    await addObject(bench, {
      ...networking,
      kind: 'ServiceEntry',
      spec: {
        hosts: ['api.example.com'],
        location: 'MESH_EXTERNAL',
        resolution: 'DNS',
        exportTo: ['.'],
        ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      },
    });
    await addObject(bench, {
      ...networking,
      kind: 'Sidecar',
      spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] },
    });
    await addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata,
      spec: { mtls: { mode: 'STRICT' } },
    });
    await addObject(bench, {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata,
      spec: { tracing: [{ disableSpanReporting: true }] },
    });
    return restore;
  },
  concerns: ['MD-DRIFT-004'],
};
