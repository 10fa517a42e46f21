import { parseCertificates } from '../../trust/certificate.ts';
import type { CertificateReason } from '../../trust/certificate-reason.ts';
import { judgeChain } from '../../trust/judge-chain.ts';
import { judgeNames, judgeSpiffe } from '../../trust/judge-names.ts';
import type { CertificateForge } from './forge.ts';
import { type PartId, partOf } from './forged-roles.ts';

/** What our own judge finds wrong with a chain that poses as a component, by the standard of whoever meets that component. */
export function findingsOf(
  id: PartId,
  chainPem: string,
  { lab, keys, at }: CertificateForge,
): readonly CertificateReason[] {
  const { role, honest, issuer } = partOf(id, lab, keys);
  const presented = parseCertificates(chainPem);
  const [leaf] = presented;
  const { findings } = judgeChain({
    presented,
    anchors: parseCertificates(id === 'edge' || id === 'issuer' ? keys.edge.rootPem : keys.mesh.rootPem),
    // Tells an intermediate that was left out from one that nobody has.
    known: parseCertificates(issuer.certificatePem),
    at: at.getTime(),
    purpose: role === 'server' ? 'serverAuth' : 'clientAuth',
  });
  const [host, uri] = [honest.names.dns?.[0], honest.names.uri?.[0]];
  if (leaf === undefined) return findings.map(({ code }) => code);
  const names = uri === undefined ? judgeNames(leaf, host ?? '') : judgeSpiffe(leaf, uri);
  return [...findings, ...names].map(({ code }) => code);
}
