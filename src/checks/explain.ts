import { MeshdevError } from '../errors/meshdev-error.ts';
import { ADVICE } from '../errors/advice.ts';
import { PROBLEMS, type ProblemCode } from '../errors/problems.ts';
import { CERTIFICATE_REASONS } from '../trust/certificate-reason.ts';
import { CATALOGUE } from './catalogue.ts';
import { categoryOf } from './categories.ts';
import type { AnyCheck } from './check.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { FINDINGS } from '../doctor/catalogue.ts';
import type { FindingKind } from '../doctor/finding.ts';
import { pastedForms } from './pasted-forms.ts';
import { REASONS } from './reasons.ts';
import { SIGNALS } from './signals.ts';
import type { Signal } from './signals/signal.ts';
import { TERMS, type Term } from './terms.ts';

/** What is known about one word of meshdev, or of a component that it listens to. */
export type Explanation =
  | ({ readonly kind: 'check' } & Pick<AnyCheck, 'id' | 'title' | 'hop' | 'polarity'> & {
        /** The impact; users have the JSON key. */
        readonly means: string;
        /** The hint. */
        readonly lookAt: string;
        readonly refuser: string | null;
        readonly control: string | null;
        readonly evidence: readonly string[];
      })
  | {
      readonly kind: 'reason';
      readonly code: string;
      readonly title: string;
      readonly checks: readonly string[];
    }
  | {
      readonly kind: 'problem';
      readonly code: string;
      readonly title: string;
      readonly exitCode: number;
      readonly advice: string;
    }
  | ({ readonly kind: 'finding' } & Pick<FindingKind, 'id' | 'title' | 'why' | 'worst'>)
  | ({ readonly kind: 'term' } & Term)
  | ({ readonly kind: 'signal' } & Pick<Signal, 'name' | 'source' | 'reason' | 'remedy' | 'see'>);

const REASON_TITLES: Readonly<Record<string, string>> = { ...CERTIFICATE_REASONS, ...REASONS };

/**
 * Everything that the word means: the id of a check or of a finding of `doctor`, a reason code, the code of an error, a term of the glossary, a word of
 * Envoy, Caddy or TLS, also in the form in which curl or a log shows it.
 * @throws MeshdevError USAGE with what is spelt like it
 */
export function explain(word: string): readonly Explanation[] {
  const wanted = word.trim().replace(/\[[^\]]*\]$/, (inside) => (word.startsWith('MD-') ? '' : inside));
  const upper = wanted.toUpperCase();
  const found = [
    ...CATALOGUE.filter(({ id }) => id === upper).map(ofCheck),
    ...ofFinding(upper),
    ...ofReason(upper),
    ...ofProblem(upper),
    ...ofTerms(upper),
    ...firstThatFits(pastedForms(wanted)),
  ];
  if (found.length > 0) return found;
  const near = nearest(wanted, allWords());
  throw new MeshdevError('USAGE', {
    message: `explaining ${JSON.stringify(word)}: no check, code, term or message has this name${didYouMean(near)}`,
    remedies:
      near.length === 0
        ? ['meshdev check --list', 'meshdev docs signals']
        : near.map((each) => `meshdev explain ${quoted(each)}`),
  });
}

function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Every word that is explained, as it is written in its table. */
export function allWords(): readonly string[] {
  return [
    ...CATALOGUE.map(({ id }) => id),
    ...FINDINGS.map(({ id }) => id),
    ...Object.keys(REASON_TITLES),
    ...Object.keys(PROBLEMS),
    ...TERMS.flatMap(({ name, also = [] }) => [name, ...also]),
    ...SIGNALS.map(({ name }) => name),
  ];
}

function ofCheck(check: AnyCheck): Explanation {
  const { id, title, hop, polarity, impact, hint, refuser, control, evidence } = check;
  const beside = { refuser: refuser ?? null, control: control ?? null, evidence };
  return { kind: 'check', id, title, hop, polarity, means: impact, lookAt: hint, ...beside };
}

function ofFinding(id: string): readonly Explanation[] {
  return FINDINGS.filter((each) => each.id === id).map(({ title, why, worst, id: own }) => ({
    kind: 'finding',
    id: own,
    title,
    why,
    worst,
  }));
}

/** The prefix of a reason is that of the category whose checks give it. */
function ofReason(code: string): readonly Explanation[] {
  const title = REASON_TITLES[code];
  if (title === undefined) return [];
  const prefix = code.split('_')[0] ?? '';
  const checks = CATALOGUE.filter((check) => categoryOf(check) === prefix).map(({ id }) => id);
  return [{ kind: 'reason', code, title, checks }];
}

function ofProblem(code: string): readonly Explanation[] {
  if (!isProblem(code)) return [];
  const { title, exit } = PROBLEMS[code];
  return [{ kind: 'problem', code, title, exitCode: exit, advice: ADVICE[code] }];
}

function isProblem(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

function ofTerms(wanted: string): readonly Explanation[] {
  return TERMS.filter(({ name, also = [] }) =>
    [name, ...also].some((each) => each.toUpperCase() === wanted),
  ).map((term) => ({ kind: 'term', ...term }));
}

/** What was pasted stands before what was made of it. */
function firstThatFits(forms: readonly string[]): readonly Explanation[] {
  return forms.map(ofSignals).find((rows) => rows.length > 0) ?? [];
}

/** By its name, or by words that a component really wrote. */
function ofSignals(word: string): readonly Explanation[] {
  const named = SIGNALS.filter(({ name }) => name === word);
  const said = SIGNALS.filter(({ words }) => words.test(word));
  const part = word.length < 5 ? [] : SIGNALS.filter(({ name }) => name.includes(word));
  const found = [named, said, part].find((rows) => rows.length > 0) ?? [];
  return found.map(({ name, source, reason, remedy, see }) => ({
    kind: 'signal',
    name,
    source,
    reason,
    remedy,
    see,
  }));
}
