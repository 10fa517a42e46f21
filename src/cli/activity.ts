import type { CheckProgress } from '../checks/run-checks.ts';
import { drawList, type LiveTask } from '../report/live-list.ts';
import { proofCounter, proofOpen } from '../report/proof-progress.ts';
import type { CliContext, LiveTerminal } from './cli-context.ts';
import { say } from './print.ts';

/** Between two looks of a person at a clock, and between two lines of a log; milliseconds. */
const WATCHED_MS = 200;
const LOGGED_MS = 10_000;

/** Something that takes a while and is said while it does. Ends, and leaves nothing on a terminal, when it is disposed of, once or twice. */
export interface Activity extends AsyncDisposable {
  /** How far it is; seconds are added. */
  readonly is: (words: string) => void;
  /** What it waits for now. */
  readonly waits: (words: string) => void;
}

/** Nothing is shown: for `--quiet`, and for what is over before a log needs to know. */
const SILENT: Activity = {
  is: () => undefined,
  waits: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

/** On a terminal one line that moves, elsewhere nothing: for what takes a second or two. */
export function showActivity({ terminal }: CliContext, what: string): Activity {
  return terminal === undefined ? SILENT : live(terminal, what);
}

/** How far a proof of the chain is: a line that moves on a terminal, a line every ten seconds in a log. */
export function showProof(cli: CliContext, quiet = false): Activity {
  const { terminal } = cli;
  const what = 'verifying the trust chain';
  if (quiet) return SILENT;
  return terminal === undefined ? logged((text) => say(cli, text), what) : live(terminal, what);
}

/** Hands the progress of a proof to an activity. */
export function proofTo({ is, waits }: Activity): (progress: CheckProgress) => void {
  return (progress) => {
    is(proofCounter(progress));
    waits(proofOpen(progress));
  };
}

function live(terminal: LiveTerminal, what: string): Activity {
  const started = performance.now();
  const ended = Promise.withResolvers<void>();
  const now = { words: '', below: '' };
  const title = (): string => {
    const seconds = `${Math.floor((performance.now() - started) / 1000)} s`;
    return [what, now.words, seconds].filter((part) => part !== '').join('   ');
  };
  const task: LiveTask = {
    title: title(),
    task: async (_context, own) => {
      const show = (): void => {
        own.title = title();
        if (now.below !== '') own.output = now.below;
      };
      const clock = setInterval(show, WATCHED_MS);
      await ended.promise;
      clearInterval(clock);
    },
  };
  const list = drawList([task], terminal.stream(), false);
  const claim = terminal.draws(list.note);
  return {
    ...heardInto(now),
    [Symbol.asyncDispose]: async () => {
      ended.resolve();
      await list.finish();
      claim[Symbol.dispose]();
    },
  };
}

function logged(write: (text: string) => void, what: string): Activity {
  const started = performance.now();
  const now = { words: '', below: '' };
  const tell = (...parts: readonly string[]): void =>
    write(`check        ${parts.filter((part) => part !== '').join('; ')}\n`);
  let begun = false;
  const clock = setInterval(() => {
    const seconds = `${Math.round((performance.now() - started) / 1000)} s`;
    tell(now.words === '' ? `${what}, ${seconds}` : `${now.words} after ${seconds}`, now.below);
  }, LOGGED_MS);
  const heard = heardInto(now);
  return {
    ...heard,
    // Said when it has begun: a mistake of usage that comes before has no line above it.
    is: (words) => {
      if (!begun) tell(what);
      begun = true;
      heard.is(words);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(clock);
    },
  };
}

/** What is told while it goes on is shown at the next tick, and not before. */
function heardInto(now: { words: string; below: string }): Pick<Activity, 'is' | 'waits'> {
  return {
    is: (words) => {
      now.words = words;
    },
    waits: (words) => {
      now.below = words;
    },
  };
}
