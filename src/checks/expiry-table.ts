import { APP_ID } from '../sample/names.ts';
import { type CertificateFacts, parseCertificates } from '../trust/certificate.ts';
import type { EvidenceItem } from './evidence-item.ts';
import type { EvidenceMap } from '../evidence/evidence-map.ts';

export const DAY_MS = 86_400_000;

/** Evidence that certificates are found in; what is not given is not in the table. */
export type TableEvidence = Partial<
  Pick<EvidenceMap, 'edge.wire' | 'gateway.wire' | 'anchors' | 'proxies' | 'certificates'>
>;

/** One row: whose certificate, and what it says. */
export interface Entry {
  /** Lower case: it is the id of the row’s case. */
  readonly name: string;
  /** Undefined: none was seen where one should be. */
  readonly facts: CertificateFacts | undefined;
}

/** Pure: every certificate of the lab in one table, those on the wire first. */
export function expiryTable(found: TableEvidence): readonly Entry[] {
  const { 'edge.wire': edge, 'gateway.wire': gateway, anchors, proxies, certificates = [] } = found;
  const rows: readonly (readonly [name: string, pem: string | undefined])[] = [
    ...(edge === undefined
      ? []
      : ([
          [`${APP_ID}-leaf`, edge[APP_ID].peerChain[0]],
          ['auth-leaf', edge.auth.peerChain[0]],
          ['edge-intermediate-served', edge[APP_ID].peerChain[1]],
        ] as const)),
    ...(gateway === undefined ? [] : ([['gateway-server-served', gateway.control.peerChain[0]]] as const)),
    ...(anchors === undefined ? [] : ([['edge-client-used', anchors.edgeClientPem]] as const)),
    ...(proxies?.proxies ?? []).map(
      ({ workload, pod, secrets }) =>
        [
          `workload-${workload ?? pod}`,
          secrets.find(({ name, state }) => name === 'default' && state === 'active')?.chainPem,
        ] as const,
    ),
    ...certificates.map(({ name, pem }) => [name, pem] as const),
  ];
  return rows.map(([name, pem]) => ({ name, facts: parseCertificates(pem ?? '')[0]?.facts }));
}

/** A row as a report carries it. */
export function tableItem({ name, facts }: Entry, at: number): EvidenceItem {
  if (facts === undefined) return { kind: 'fact', what: name, seen: 'no certificate' };
  const { notBefore, notAfter, subject, fingerprint } = facts;
  const left = ((notAfter - at) / DAY_MS).toFixed(1);
  const time = (of: number) => new Date(of).toISOString();
  return {
    kind: 'fact',
    what: `certificate ${name}`,
    seen: `${time(notBefore)} to ${time(notAfter)}, ${left} days left, ${subject}, sha256:${fingerprint}`,
  };
}
