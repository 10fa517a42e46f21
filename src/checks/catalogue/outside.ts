import type { Outside } from '../../evidence/outside.ts';
import { type Certificate, parseCertificates } from '../../trust/certificate.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { Verdict } from '../verdict.ts';

/** What leads into the lab from beside it. */
export const OUTSIDE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EXPO-015',
    title:
      'no other container shares networks, volumes, processes or keys with the lab, and the file that clients are told to trust holds the root of the lab alone',
    impact: 'a program beside the lab reaches its private sockets, or clients trust a foreign CA',
    hint: '`docker inspect` of the container that the message names; `meshdev env`',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['outside', 'anchors'],
    judge: ({ outside, anchors }) =>
      eachCase([
        ['containers', noNeighbours(outside)],
        ['trusted-file', ownRootOnly(outside, anchors.edgeRootPem)],
      ]),
  }),
];

function noNeighbours({ neighbours, looked }: Outside): Verdict {
  if (looked === 0) return unknown('EVIDENCE_MISSING', 'the engine listed no container');
  return neighbours.length === 0
    ? pass(`${looked} containers`)
    : fail(
        'EXPO_NEIGHBOUR',
        neighbours.map(({ name, shares }) => `container ${name} has ${shares.join(', ')}`).join(' · '),
        [...neighbours.map(({ name }) => `docker rm --force ${name}`), 'meshdev up'],
      );
}

function ownRootOnly({ trustedPem }: Outside, rootPem: string): Verdict {
  if (trustedPem === undefined)
    return unknown('EVIDENCE_MISSING', 'the file with the root certificate for clients does not exist');
  const own = new Set(parseCertificates(rootPem).map(({ facts }) => facts.fingerprint));
  const trusted = parseCertificates(trustedPem);
  const foreign = trusted.filter(({ facts }) => !own.has(facts.fingerprint));
  if (foreign.length > 0)
    return fail(
      'EXPO_FOREIGN_ANCHOR',
      `clients are told to trust ${foreign.map(certificateText).join(' and ')}, which the lab did not make: it can issue a certificate for any public name of the lab`,
    );
  return trusted.length > 0 && own.size === 1
    ? pass()
    : fail(
        'EXPO_FOREIGN_ANCHOR',
        `the file for clients holds ${trusted.length} roots, the lab has ${own.size}`,
      );
}

function certificateText({ facts }: Certificate): string {
  return `${facts.subject || 'a CA without a name'} (SHA-256 ${facts.fingerprint})`;
}
