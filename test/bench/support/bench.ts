import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The checkout that is measured. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');
export const MESHDEV = join(ROOT, 'bin', 'meshdev');

export interface BenchOptions {
  readonly repeat: number;
  readonly json: boolean;
  /** A lab that is up, of this user, to be measured as it is. */
  readonly lab?: string;
  /** What `check` is asked for; everything where it is empty. */
  readonly select: readonly string[];
}

/** `--repeat N`, `-o json`, and of the one of a warm lab `--lab NAME` and `--select WHAT`; no benchmark takes any other. */
export function benchOptions(defaultRepeat: number): BenchOptions {
  const { values } = parseArgs({
    options: {
      repeat: { type: 'string', default: String(defaultRepeat) },
      output: { type: 'string', short: 'o', default: 'text' },
      lab: { type: 'string' },
      select: { type: 'string', multiple: true, default: [] },
    },
  });
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1)
    throw new Error(`--repeat ${values.repeat}: a number from 1 on is needed`);
  if (!['text', 'json'].includes(values.output)) throw new Error(`-o ${values.output}: text or json`);
  const { lab, select } = values;
  return { repeat, json: values.output === 'json', select, ...(lab === undefined ? {} : { lab }) };
}

/** A state directory of its own, so that no lab of the user is met; removed at the end. */
export async function temporaryState(): Promise<{ readonly dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-bench-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/** Fires at the first Ctrl-C or SIGTERM: what was made is removed before the process ends. */
export function interruption(): AbortSignal {
  const abort = new AbortController();
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(name, () => {
      process.exitCode = code;
      process.stderr.write(`stopping on ${name}, cleaning up\n`);
      abort.abort(new Error(`stopped by ${name}`));
    });
  }
  return abort.signal;
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
