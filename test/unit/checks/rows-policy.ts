import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { Break } from '../../support/break-evidence.ts';
import { edgeWires, sidecarRecord } from '../../support/break-evidence.ts';
import { data } from '../../support/healthy-evidence.ts';
import { policyFrom } from '../../support/healthy-policy.ts';
import { type Row, row } from './expected.ts';

/** The chain as it is under another policy. */
const declared =
  (text: string, broken: Break = (all) => all): Break =>
  (all) => ({ ...broken(all), policy: policyFrom(`policy:\n  ${text}\n`) });

const listening = (address: string, port: number) => (all: EvidenceMap) => ({
  ...all,
  listeners: [...all.listeners, { container: 'meshdev-demo-edge', address, port }],
});

const VIOLATED = { 'MD-DRIFT-005': 'fail DRIFT_POLICY' } as const;
const OWN_LISTENERS = "listeners: ['127.0.0.1:443', '127.0.0.1:40123']";

/** The chain holds, and yet it is not what was declared. */
export function policyRows(): readonly Row[] {
  const older = { 'MD-EDGE-008': 'fail EDGE_TLS_TOO_OLD', ...VIOLATED } as const;
  const rows: readonly (readonly [string, Break, Row['reds']])[] = [
    ['another key type', declared('keyTypes: [Ed25519, RSA-4096]'), VIOLATED],
    ['younger certificates', declared('maxCertificateAge: 1h'), VIOLATED],
    ['a protocol that the edge does not speak', declared('alpn: { client->edge: [h3] }'), VIOLATED],
    ['another listener', declared("listeners: ['127.0.0.1:8443']"), VIOLATED],
    ['another address for its listeners', declared("listeners: ['[::1]:*']"), VIOLATED],
    ['no listener but its own', declared(OWN_LISTENERS, listening('127.0.0.1', 9999)), VIOLATED],
    ['TLS 1.2 at least', sidecarRecord('bob-read', { downstream_tls_version: 'TLSv1.1' }), VIOLATED],
    [
      'TLS 1.3 only',
      declared(
        'minTlsVersion: { client->edge: TLSv1.3 }',
        edgeWires({ tls12: data({ protocol: 'TLSv1.2', status: 200 }) }),
      ),
      older,
    ],
  ];
  return rows.map(([what, broken, reds]) => row(`a policy that wants ${what}`, broken, reds));
}
