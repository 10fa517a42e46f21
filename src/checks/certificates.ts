import { parseCertificates } from '../trust/certificate.ts';
import type { CertificateFinding } from '../trust/certificate-reason.ts';
import { judgeChain } from '../trust/judge-chain.ts';
import { judgeNames, judgeSpiffe } from '../trust/judge-names.ts';
import { fail, pass, unknown } from './check.ts';
import type { Verdict } from './verdict.ts';

export interface ChainInput {
  /** PEM, leaf first, as presented. */
  readonly presented: readonly string[];
  readonly anchors: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly purpose: 'serverAuth' | 'clientAuth';
}

/** Proves the chain link by link; a list that a server sends is not yet a path. */
export function chainVerdict({ presented, anchors, at, purpose }: ChainInput, who: string): Verdict {
  if (presented.length === 0) return unknown('NO_CERTIFICATE', `${who} presented no certificate`);
  const { path, findings } = judgeChain({
    presented: presented.flatMap(parseCertificates),
    anchors: anchors.flatMap(parseCertificates),
    at,
    purpose,
  });
  if (findings.length > 0) return failed(findings, who);
  return pass(`${path.length} certificates, root sha256 ${path.at(-1)?.fingerprint.slice(0, 16) ?? ''}`);
}

export function namesVerdict(presented: readonly string[], host: string): Verdict {
  const leaf = presented.flatMap(parseCertificates)[0];
  if (leaf === undefined) return unknown('NO_CERTIFICATE', `no server presented a certificate for ${host}`);
  const findings = judgeNames(leaf, host);
  return findings.length === 0 ? pass(host) : failed(findings, host);
}

export function spiffeVerdict(pem: string, id: string): Verdict {
  const leaf = parseCertificates(pem)[0];
  if (leaf === undefined) return unknown('NO_CERTIFICATE', `no certificate was read for ${id}`);
  const findings = judgeSpiffe(leaf, id);
  return findings.length === 0 ? pass(id) : failed(findings, id);
}

function failed(findings: readonly CertificateFinding[], who: string): Verdict {
  const first = findings[0];
  return fail(
    first?.code ?? 'CERT_MISSING',
    `${who}: ${findings.map((one) => `${one.code} ${one.message}`).join(' · ')}`,
  );
}
