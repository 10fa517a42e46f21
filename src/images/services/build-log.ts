import { stripVTControlCharacters } from 'node:util';
import { redact } from '../../errors/redact.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { BuildPlan } from './build-plan.ts';

const LAST_LINES = 15;

/** A step as a builder names it. */
interface Step {
  readonly number: number;
  readonly count: number;
  readonly words: string;
  /** Line of the Dockerfile; undefined for what meshdev adds, and where the builder has other words. */
  readonly line: number | undefined;
}

/** What a build prints, as far as messages need it. */
export interface BuildLog {
  readonly hear: (text: string) => void;
  /**
   * `step 3 of 5, orders/Dockerfile:7 RUN npm ci`: the given one, else the last that began.
   * @param named as the builder names it
   */
  readonly step: (named: string | undefined) => string | undefined;
  /** The last lines, redacted. */
  readonly output: () => readonly string[];
}

type Names = Pick<BuildPlan, 'names' | 'dockerfile'>;

/** Follows a build: says each step as it begins, and keeps the last lines. */
export function buildLog(plan: Names, run: RunScope): BuildLog {
  const { names, dockerfile } = plan;
  let rest = '';
  let last: Step | undefined;
  let lines: readonly string[] = [];
  const hearLine = (raw: string): void => {
    const line = stripVTControlCharacters(raw).trimEnd();
    const step = stepIn(line, plan);
    if (step === undefined) {
      if (line !== '' && !CHATTER.test(line)) lines = [...lines, line].slice(-LAST_LINES);
      return;
    }
    last = step;
    // BuildKit works on several steps at once: what was printed may be of any of them.
    if (dockerfile.builder === 'classic') lines = [];
    run.progress(`building ${names.service} · step ${step.number} of ${step.count} · ${redact(step.words)}`);
  };
  return {
    hear: (text) => {
      const all = (rest + text).split('\n');
      rest = all.pop() ?? '';
      for (const line of all) hearLine(line);
    },
    step: (named) => {
      const step = named === undefined ? last : stepIn(named, plan);
      if (step === undefined) return named === undefined ? undefined : redact(named);
      const place = step.line === undefined ? '' : `${names.dockerfile}:${step.line} `;
      return `step ${step.number} of ${step.count}, ${place}${redact(step.words)}`;
    },
    output: () => {
      const end = stripVTControlCharacters(rest).trimEnd();
      const all = [...lines, ...(end === '' ? [] : [end])].slice(-LAST_LINES);
      // All of them at once: a private key has several lines.
      return all.length === 0 ? [] : redact(all.join('\n')).split('\n');
    },
  };
}

/** What builders print of themselves. */
const CHATTER = /^(?: ---> |Removing intermediate container |\[internal\] |copy \/context \/$)/;
const CLASSIC = /^Step (\d+)\/(\d+) : (.*)$/s;
const BUILDKIT = /^\[(?:\S+ )?(\d+)\/(\d+)\] (.*)$/s;

function stepIn(line: string, { dockerfile }: Names): Step | undefined {
  const classic = dockerfile.builder === 'classic';
  const [, number, count, words = ''] = (classic ? CLASSIC : BUILDKIT).exec(line) ?? [];
  if (number === undefined) return undefined;
  const { instructions } = dockerfile;
  // The classic builder counts instructions; BuildKit counts those of one stage that do something.
  const instruction = classic
    ? instructions[Number(number) - 1]
    : instructions.find(({ word, rest }) => plain(`${word} ${rest}`) === plain(words));
  return { number: Number(number), count: Number(count), words, line: instruction?.first };
}

function plain(words: string): string {
  return words.replaceAll(/\s+/g, ' ').trim();
}
