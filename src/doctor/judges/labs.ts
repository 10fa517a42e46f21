import type { LostLab, TrustSeen } from '../../ports/host-facts.ts';
import type { Lab } from '../../topology/lab.ts';
import { type Cases, type FindingKind, given, type Judgement, ok, skip, warn } from '../finding.ts';

export const LAB_FINDINGS: readonly FindingKind[] = [
  {
    id: 'MD-HOST-013',
    subject: 'labs',
    title: 'nothing is left of labs whose state directory is lost',
    why: 'nothing can use such a lab any more; it holds memory, ports and subnets, and its name cannot be used again',
    worst: 'warn',
    judge: ({ lost }) => given(lost, lostOf),
  },
  {
    id: 'MD-HOST-027',
    subject: 'labs',
    title:
      'the trust store of the system has the root of this lab or none, and no root of a lab that is gone',
    why: 'programs that use the store of the system trust what that root signs; its key may be anywhere once the lab is gone',
    worst: 'warn',
    judge: ({ trust }, { lab }) =>
      given(trust, (seen): Cases => [
        ['lab', rootOf(seen, lab)],
        ['stale', staleOf(seen)],
      ]),
  },
];

function lostOf(labs: readonly LostLab[]): Judgement | Cases {
  if (labs.length === 0) return ok('every lab on the engine has its state directory');
  return labs.map(({ name, what, from }) => [
    name,
    warn(
      `${what.length} objects of lab ${name} (${what.slice(0, 3).join(', ')}${what.length > 3 ? ', …' : ''}); ${
        from === undefined ? 'nothing records its state directory' : `${from} does not have its keys any more`
      }`,
      [...(from === undefined ? [] : ['meshdev doctor --fix']), `meshdev down --force --name ${name}`],
      // Where nothing records whose it is, a user has to know.
      from === undefined ? undefined : { kind: 'remove-lab', lab: name },
    ),
  ]);
}

function rootOf({ labRoot, installed }: TrustSeen, lab: Lab): Judgement {
  if (labRoot === undefined) return skip(`lab ${lab.name} has no root yet`);
  const where = installed.filter(({ fingerprint }) => fingerprint === labRoot).map(({ store }) => store);
  return where.length === 0
    ? ok(
        `the root of lab ${lab.name} is in no store of the system; clients need the output of \`meshdev env\``,
      )
    : ok(`the root of lab ${lab.name} is in ${where.join(', ')}`);
}

function staleOf({ labRoots, installed }: TrustSeen): Judgement {
  const stale = installed.filter(({ fingerprint }) => !labRoots.includes(fingerprint));
  if (stale.length === 0) return ok(`${installed.length} roots of meshdev, each of a lab that exists`);
  return warn(
    stale
      .map(({ store, name, fingerprint }) => `${store} has “${name}” (${fingerprint.slice(0, 11)}…)`)
      .join(' · '),
    [
      "grep -l 'meshdev' /usr/local/share/ca-certificates/* 2>/dev/null",
      'remove that file, then: sudo update-ca-certificates --fresh',
    ],
  );
}
