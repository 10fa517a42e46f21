import { type Made, days, make, makeServer } from './certificates.ts';
import { keySpecs } from '../../src/keys/key-specs.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';

/** Real certificates of a lab that was never started, and strangers that look like its own. */
export interface Material {
  readonly edgeRoot: Made;
  readonly edgeIntermediate: Made;
  readonly meshRoot: Made;
  readonly istiodCa: Made;
  readonly gatewayServer: Made;
  readonly edgeClient: Made;
  readonly leaves: { readonly httpbin: Made; readonly auth: Made };
  readonly workloads: Readonly<Record<Proxied, Made>>;
}

export const PROXIED = ['gateway', 'httpbin', 'caller', 'ledger'] as const;
export type Proxied = (typeof PROXIED)[number];

export async function makeMaterial(lab: Lab): Promise<Material> {
  const specs = keySpecs(lab);
  const [edgeRoot, meshRoot] = await Promise.all([
    make(specs['edge-root'].certificate),
    make(specs['mesh-root'].certificate),
  ]);
  const [edgeIntermediate, istiodCa, gatewayServer, edgeClient] = await Promise.all([
    make(specs['edge-intermediate'].certificate, edgeRoot),
    make(specs['istiod-ca'].certificate, meshRoot),
    make(specs['gateway-server'].certificate, meshRoot),
    make(specs['edge-client'].certificate, meshRoot),
  ]);
  const [httpbin, auth] = await Promise.all([
    makeServer(lab.hosts.httpbin, edgeIntermediate, {}, days(-0.2, 0.3)),
    makeServer(lab.hosts.auth, edgeIntermediate, {}, days(-0.2, 0.3)),
  ]);
  const [gateway, app, caller, ledger] = await Promise.all(
    PROXIED.map((name) => makeWorkload(spiffeId(lab.workloads[name]), istiodCa)),
  );
  if (!gateway || !app || !caller || !ledger) throw new Error('a workload has no certificate');
  return {
    edgeRoot,
    edgeIntermediate,
    meshRoot,
    istiodCa,
    gatewayServer,
    edgeClient,
    leaves: { httpbin, auth },
    workloads: { gateway, httpbin: app, caller, ledger },
  };
}

/** As istiod writes them: one URI name, no subject worth reading. */
export async function makeWorkload(id: string, issuer: Made, more: readonly string[] = []): Promise<Made> {
  const names = { uri: [id, ...more] };
  return make(
    { commonName: 'w', names, extendedKeyUsage: ['serverAuth', 'clientAuth'] },
    issuer,
    days(-0.2, 0.8),
  );
}
