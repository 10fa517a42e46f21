import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, stdout } from 'node:process';
import { createExecaRunner } from '../../src/adapters/execa-runner.ts';
import { textOf } from '../../src/errors/meshdev-error.ts';
import { GO_PINS } from '../../src/versions.ts';
import {
  goAdvisories,
  modulesIn,
  newest,
  npmAdvisories,
  npmTrouble,
  type Pin,
  PINS,
  versionsIn,
  wordsFor,
} from './pins.ts';

/* Usage: npm run pins. What is newer than each pin, and known advisories. Reports, and changes nothing. */

const ROOT = join(import.meta.dirname, '../..');
const GOVULNCHECK = 'golang.org/x/vuln/cmd/govulncheck@v1.9.0';
const runner = createExecaRunner(env);
const { signal } = new AbortController();

/** What a source said, and the first words of what went wrong. */
interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly because: string;
}

/** An answer, or why there is none: a source that does not answer costs one line, not the report. */
async function ask(
  command: string,
  args: readonly string[],
  { cwd = tmpdir(), minutes = 1 } = {},
): Promise<Answer> {
  try {
    const ended = await runner.run(command, args, {
      cwd,
      timeoutMs: minutes * 60_000,
      allowFailure: true,
      signal,
    });
    const [line = ''] = ended.stderr.trim().split('\n');
    // npm audit and govulncheck end with other codes where they found something.
    const { exitCode, stdout: text } = ended;
    return { exitCode, stdout: text, because: line === '' ? `exit code ${exitCode}` : line };
  } catch (error) {
    return { exitCode: -1, stdout: '', because: textOf(error).split('\n')[0] ?? '' };
  }
}

const QUESTIONS: Readonly<Record<Pin['registry'], (asked: string) => readonly [string, ...string[]]>> = {
  go: (asked) => ['go', 'list', '-m', '-versions', asked],
  npm: (asked) => ['npm', 'view', asked, 'versions', '--json'],
  pip: (asked) => ['python3', '-m', 'pip', 'index', 'versions', asked],
};

async function versionLine(pin: Pin): Promise<string> {
  const [command, ...args] = QUESTIONS[pin.registry](pin.asked);
  const { stdout: text, because } = await ask(command, args);
  const versions = versionsIn(pin.registry, text);
  const words = versions.length === 0 ? `not known: ${because}` : wordsFor(pin, newest(pin, versions));
  return row(pin.name, pin.version, words);
}

async function goLine(component: string): Promise<string> {
  const modules = modulesIn(await readFile(join(ROOT, 'templates/images/go', component, 'go.sum'), 'utf8'));
  const argv = ['run', GOVULNCHECK, '-mode', 'query', '-format', 'json', ...modules];
  const { exitCode, stdout: text, because } = await ask('go', argv, { minutes: 5 });
  return row(component, 'advisories', listed(exitCode === 0 ? goAdvisories(text) : undefined, because));
}

async function npmLine(name: string, dir: string): Promise<string> {
  const { stdout: text, because } = await ask('npm', ['audit', '--json'], { cwd: join(ROOT, dir) });
  return row(name, 'advisories', listed(npmAdvisories(text), npmTrouble(text) ?? because));
}

function listed(found: readonly string[] | undefined, because: string): string {
  if (found === undefined) return `not known: ${because}`;
  return found.length === 0 ? 'none known' : `${found.length}: ${found.join(', ')}`;
}

function row(name: string, what: string, words: string): string {
  return `${name.padEnd(16)} ${what.padEnd(12)} ${words}\n`;
}

// One after the other: registries are not to be flooded.
for (const pin of PINS) stdout.write(await versionLine(pin));
for (const component of Object.keys(GO_PINS)) stdout.write(await goLine(component));
stdout.write(await npmLine('guest', 'templates/images/guest'));
stdout.write(await npmLine('meshdev', '.'));
