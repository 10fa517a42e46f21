import type { Policy } from '../../src/evidence/declared-policy.ts';
import { parseConfig, policyOf } from '../../src/config/read.ts';
import type { Lab } from '../../src/topology/lab.ts';

/** A policy with every kind of rule, as a user would write it for this lab. */
export function policyText({ httpsPort }: Pick<Lab, 'httpsPort'>): string {
  return `policy:
  minTlsVersion:
    client->edge: TLSv1.3
    edge->gateway: TLSv1.3
    gateway->sidecar: TLSv1.3
  maxCertificateAge: 400d
  keyTypes: [P-256]
  alpn:
    client->edge: [h2, http/1.1]
  listeners: ['127.0.0.1:${httpsPort}', '127.0.0.1:40123']
`;
}

export function policyFrom(text: string): Policy {
  return { rules: policyOf('meshdev.yaml', text, parseConfig('meshdev.yaml', text)) };
}

/**
 * One rule that no other broken fact touches: rows about other checks stay about those. Rows of the
 * policy declare their own.
 */
export function healthyPolicy(): Policy {
  return policyFrom('policy:\n  minTlsVersion:\n    gateway->sidecar: TLSv1.2\n');
}
