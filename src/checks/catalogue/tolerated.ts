import { type AnyCheck, defineCheck, eachCase } from '../check.ts';
import type { Shown } from '../../evidence/bad-certificates.ts';
import { tolerated } from '../unlike-own-judge.ts';
import type { Verdict } from '../verdict.ts';

export const TOLERATED_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-CERT-008',
    title: 'the certificate validation of meshdev finds invalid certificates that a client may accept',
    impact:
      'meshdev would not report a weak key, an outdated hash or an unusual name in the chain of the lab',
    hint: 'a bug in meshdev: report it',
    hop: 'lab',
    polarity: 'positive',
    mode: 'twin',
    blocking: false,
    evidence: [
      'edge.twins',
      'gateway.twins',
      'gateway.wire',
      'sidecar.twins',
      'sidecar.wire',
      'issuer.twins',
    ],
    judge: (found) => {
      const served = <T extends Shown & { readonly answer: { readonly status?: number } }>(
        probes: readonly T[],
      ) => probes.map((probe) => ({ ...probe, passed: probe.answer.status === 200 }));
      const met = <T extends Shown & { readonly wire: { readonly ended: string } }>(probes: readonly T[]) =>
        probes.map((probe) => ({ ...probe, passed: probe.wire.ended === 'data' }));
      const clients = found['edge.twins'].probes.map((probe) => ({
        ...probe,
        passed: probe.opinions.some(({ accepted }) => accepted),
      }));
      return eachCase([
        ...cellsOf('client', clients),
        ...cellsOf('edge', served(found['gateway.twins'].probes)),
        ...cellsOf('gateway', met(found['gateway.wire'].forged)),
        ...cellsOf('upstream', served(found['sidecar.twins'].probes)),
        ...cellsOf('sidecar', met(found['sidecar.wire'].forged)),
        ...cellsOf('istiod', found['issuer.twins'].unshown),
      ]);
    },
  }),
];

/** A bad certificate, and whether its verifier let it pass; undefined = it was not shown. */
type Tried = Shown & { readonly passed?: boolean };

function cellsOf(
  verifier: string,
  probes: readonly Tried[],
): readonly (readonly [id: string, verdict: Verdict])[] {
  return probes
    .filter((probe) => probe.case.tolerable)
    .map((probe) => [`${verifier}-${probe.case.id}`, tolerated(probe, probe.passed)]);
}
