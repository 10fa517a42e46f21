import type { MeshdevError } from '../errors/meshdev-error.ts';
import type { ProblemCode } from '../errors/problems.ts';
import type { Fact, HostFacts } from '../ports/host-facts.ts';
import type { Lab } from '../topology/lab.ts';
import type { Paths } from '../topology/paths.ts';

/** Retired ids stay listed; an id is never used for another finding. */
export type FindingId = `MD-HOST-${string}`;

export type FindingState = 'ok' | 'warn' | 'fatal' | 'unknown' | 'skip';

/** What is looked at, in the order of the report. */
export const SUBJECTS = {
  engine: 'container engine',
  resources: 'memory, disk and limits',
  network: 'ports, networks and proxies',
  names: 'names and clocks',
  machine: 'machine and tools',
  labs: 'labs and trust stores',
} as const;

export type Subject = keyof typeof SUBJECTS;

/** A change that `doctor --fix` can make. Each is safe: it loses nothing that a lab still needs. */
export type Fix =
  | { readonly kind: 'remove-lab'; readonly lab: string }
  | { readonly kind: 'sysctl'; readonly key: SysctlKey; readonly value: number }
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number };

export type SysctlKey = 'fs.inotify.max_user_instances' | 'fs.inotify.max_user_watches';

/** What a judge says of facts. */
export interface Judgement {
  readonly state: FindingState;
  /** What was seen: names and numbers. Of `unknown` and `skip`, the reason. */
  readonly seen: string;
  /** Commands that repair it, safest first; they work verbatim. */
  readonly remedies: readonly string[];
  /** The error with which `up` refuses the same; fatal only. */
  readonly code?: ProblemCode;
  readonly fix?: Fix;
}

/** One judgement each, by the name of its case. */
export type Cases = readonly (readonly [name: string, judgement: Judgement])[];

/** What is looked at beside the facts. */
export interface About {
  readonly lab: Lab;
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of meshdev itself. */
  readonly version: string;
}

/** One assertion about the machine. Pure: facts in, judgement out. */
export interface FindingKind {
  readonly id: FindingId;
  readonly subject: Subject;
  /** An assertion in the present tense: true exactly when the state is ok. */
  readonly title: string;
  /** What happens to a lab when the title is not true. */
  readonly why: string;
  /** The worst that it can be. */
  readonly worst: 'warn' | 'fatal';
  judge(facts: HostFacts, about: About): Judgement | Cases;
}

/** A judgement with what it is about. */
export interface Finding extends Judgement, Pick<FindingKind, 'id' | 'subject' | 'title' | 'why'> {
  /** One of several judgements of an assertion. */
  readonly case: string | undefined;
}

export function ok(seen: string): Judgement {
  return { state: 'ok', seen, remedies: [] };
}

export function warn(seen: string, remedies: readonly string[], fix?: Fix): Judgement {
  return { state: 'warn', seen, remedies, ...(fix === undefined ? {} : { fix }) };
}

/** The same error that `up` ends with. */
export function fatal({ code, message, remedies }: MeshdevError): Judgement {
  return { state: 'fatal', seen: message, remedies, code };
}

/** Not judged, and why. */
export function skip(because: string): Judgement {
  return { state: 'skip', seen: because, remedies: [] };
}

/** Judges a fact that was seen; one that was not is unknown or skipped, with its own reason. */
export function given<T, Judged extends Judgement | Cases>(
  fact: Fact<T>,
  judge: (value: T) => Judged,
): Judged | Judgement {
  switch (fact.kind) {
    case 'seen':
      return judge(fact.value);
    case 'absent':
      return skip(fact.because);
    case 'unknown':
      return { state: 'unknown', seen: fact.because, remedies: [] };
  }
}
