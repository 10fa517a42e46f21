import { EXIT, type ExitCode } from '../errors/problems.ts';
import type { HostFacts } from '../ports/host-facts.ts';
import { FINDINGS } from './catalogue.ts';
import type { About, Cases, Finding, FindingKind, FindingState, Fix, Judgement } from './finding.ts';

/** What `doctor` says of a machine. */
export interface Diagnosis {
  readonly lab: string;
  readonly findings: readonly Finding[];
  readonly summary: Readonly<Record<FindingState, number>> & { readonly exitCode: ExitCode };
}

/** Every judgement of the catalogue. Pure. */
export function diagnose(
  facts: HostFacts,
  about: About,
  kinds: readonly FindingKind[] = FINDINGS,
): Diagnosis {
  const findings = kinds.flatMap((kind) => findingsOf(kind, kind.judge(facts, about)));
  return { lab: about.lab.name, findings, summary: summaryOf(findings) };
}

function findingsOf(kind: FindingKind, judged: Judgement | Cases): readonly Finding[] {
  const { id, subject, title, why } = kind;
  const cases: readonly (readonly [string | undefined, Judgement])[] =
    'state' in judged ? [[undefined, judged]] : judged;
  return cases.map(([name, judgement]) => ({ id, case: name, subject, title, why, ...judgement }));
}

function summaryOf(findings: readonly Finding[]): Diagnosis['summary'] {
  const count = (state: FindingState): number => findings.filter((one) => one.state === state).length;
  const fatal = count('fatal');
  return {
    ok: count('ok'),
    warn: count('warn'),
    fatal,
    unknown: count('unknown'),
    skip: count('skip'),
    // What is not known or could be better stops nobody from trying.
    exitCode: fatal > 0 ? EXIT.hostNotFit : EXIT.ok,
  };
}

/** The changes that `doctor --fix` would make as this user. Sysctls belong to root. Pure. */
export function fixesOf({ findings }: Diagnosis, uid: number): readonly Fix[] {
  return findings.flatMap(({ fix }) =>
    fix === undefined || (fix.kind === 'sysctl' && uid !== 0) ? [] : [fix],
  );
}

/** One change, in words that consent can be asked with. Pure. */
export function describeFix(fix: Fix): string {
  switch (fix.kind) {
    case 'remove-lab':
      return `remove what is left of lab ${fix.lab}: its containers, networks and volumes`;
    case 'sysctl':
      return `set ${fix.key} to ${fix.value} until this machine restarts`;
    case 'chmod':
      return `set the mode of ${fix.path} to ${fix.mode.toString(8).padStart(4, '0')}`;
  }
}
