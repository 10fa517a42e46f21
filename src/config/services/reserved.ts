import { APP_ID } from '../../sample/names.ts';
import { createLab, DEFAULT_CHOICE } from '../../topology/lab.ts';

/** Names of components: as the id of a service they would be ambiguous in reports, policies and identities. */
export const RESERVED_IDS: readonly string[] = [
  'gateway',
  'caller',
  'intruder',
  'edge',
  'idp',
  'auth',
  'probe',
  'imposter',
  'istiod',
  'default',
];

/** Public names that decoys of `check` have for a moment. */
const DECOY_NAMES = /^twin-/;

/** Who has this name of the zone already; undefined where it is free. @param host full name */
export function holderOf(host: string, zone: string, sample: boolean): string | undefined {
  const { hosts } = createLab({ ...DEFAULT_CHOICE, domain: zone });
  const holders: Readonly<Record<string, string>> = {
    [hosts.auth]: 'the identity provider',
    [hosts.gateway]: 'the certificate of the gateway',
    [hosts.edge]: 'the certificate of the edge',
    [hosts.rogueServer]: 'the rogue servers of check',
    ...(sample ? { [hosts[APP_ID]]: 'the sample service; sample: false frees it' } : {}),
  };
  return DECOY_NAMES.test(host) ? 'the decoys of check' : holders[host];
}

/** Why no service may be in this namespace; undefined where it may. */
export function namespaceProblem(namespace: string): string | undefined {
  const { workloads } = createLab(DEFAULT_CHOICE);
  if (/^(kube|istio)-/.test(namespace) || namespace === 'local-path-storage')
    return `${namespace} is a namespace of the system`;
  if (namespace === 'default') return 'pods in the namespace default have no sidecar';
  if (namespace === workloads.intruder.namespace)
    return `${namespace} is the namespace of the non-mesh client, without sidecars`;
  return undefined;
}

/** Ports of every pod that belong to its sidecar (Istio's list). */
export const SIDECAR_PORTS: readonly number[] = [
  15_000, 15_001, 15_002, 15_004, 15_006, 15_008, 15_009, 15_020, 15_021, 15_053, 15_090,
];
