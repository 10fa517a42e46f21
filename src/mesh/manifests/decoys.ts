import { APP_ID } from '../../sample/names.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { Lab } from '../../topology/lab.ts';
import { gatewayRef, DECOY_PREFIX } from './names.ts';
import { labObject } from './object.ts';

/** Value of the role label of everything that `check` makes for a moment. */
export const DECOY_ROLE = 'twin';

/** What a decoy is made of; whoever sweeps up looks for these. */
export const DECOY_KINDS = [
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
  { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry' },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication' },
] as const;

export interface DecoyApp {
  /** Tells the decoys of several runs apart. */
  readonly run: string;
  /** Where the servers in the app's place are. */
  readonly address: string;
  /** By path. */
  readonly ports: ReadonlyMap<string, number>;
}

/** Public name of the decoy: the gateway serves the whole zone, and routes it nowhere else. */
export function decoyHost(lab: Lab, run: string): string {
  return `${DECOY_PREFIX}${run}.${lab.domain}`;
}

/**
 * A service of the mesh whose pods stand on the lab's network: the gateway calls it as it calls the app,
 * over the mesh's own TLS, and wants the app's SPIFFE ID. No DestinationRule: what holds for every
 * service of the mesh is what is to be seen here.
 */
export function decoyApp(lab: Lab, { run, address, ports }: DecoyApp): readonly KubeObject[] {
  const namespace = lab.workloads.gateway.namespace;
  const name = `twin-${run}`;
  const service = `${name}.app.internal`;
  const networking = { apiVersion: 'networking.istio.io/v1', name, namespace, role: DECOY_ROLE };
  const numbers = [...ports.values()];
  return [
    labObject(
      lab,
      { ...networking, kind: 'ServiceEntry' },
      {
        spec: {
          hosts: [service],
          exportTo: ['.'],
          location: 'MESH_INTERNAL',
          resolution: 'STATIC',
          ports: numbers.map((number) => ({ number, name: `http-${number}`, protocol: 'HTTP' })),
          endpoints: [{ address, labels: { 'security.istio.io/tlsMode': 'istio' } }],
          subjectAltNames: [spiffeId(lab.workloads[APP_ID])],
        },
      },
    ),
    labObject(
      lab,
      { ...networking, kind: 'VirtualService' },
      {
        spec: {
          hosts: [decoyHost(lab, run)],
          gateways: [gatewayRef(lab)],
          http: [...ports].map(([path, number]) => ({
            match: [{ uri: { exact: path } }],
            route: [{ destination: { host: service, port: { number } } }],
            retries: { attempts: 0 },
            timeout: '5s',
          })),
        },
      },
    ),
  ];
}

export interface DecoyIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
}

/** Tells the caller's sidecar, which admits nobody anyway, to believe these issuers. */
export function decoyIssuers(lab: Lab, run: string, issuers: readonly DecoyIssuer[]): KubeObject {
  const { namespace, serviceAccount } = lab.workloads.caller;
  return labObject(
    lab,
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      name: `twin-${run}`,
      namespace,
      role: DECOY_ROLE,
    },
    {
      spec: {
        selector: { matchLabels: { app: serviceAccount } },
        jwtRules: issuers.map((each) => ({
          ...each,
          fromHeaders: [{ name: 'Authorization', prefix: 'Bearer ' }],
        })),
      },
    },
  );
}
