import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseJson } from '../../src/parse-json.ts';
import { interruption, MESHDEV, ROOT, say, temporaryState } from '../bench/support/bench.ts';
import { run } from '../bench/support/run.ts';
import { startLoad } from './support/load.ts';
import { type Asked, redIn, renderFalseAlarms, type Round } from './support/rounds.ts';

/*
 * Usage: npm run test:false-alarms -- [--at-rest 50] [--under-load 50] [--load 4] [--lab NAME]
 * Asks a healthy lab again and again, at rest and then beside busy processes, with `meshdev check` as a person
 * would: nothing may be red or unknown. A lab of its own is made, unless one that is up is lent.
 * test-results/false-alarms.md says what was not green and why. Exits 1 when anything was.
 */

const OWN = { name: 'false-alarms', httpsPort: '9543' };
const REPORT = join(ROOT, 'test-results', 'false-alarms.md');
const CLEAN_UP_MS = 120_000;

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} ${text}: a number from 0 on is needed`);
  return number;
}

interface Place {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function ask({ name, env, signal }: Place): Promise<Asked> {
  const began = performance.now();
  // 1 and 6 are what is looked for.
  const stdout = await run(MESHDEV, ['check', '--name', name, '--output', 'json'], {
    env,
    accept: [0, 1, 6],
    signal,
  });
  return { seconds: (performance.now() - began) / 1000, notGreen: redIn(parseJson(stdout)) };
}

async function measure(round: Round, place: Place, rounds: Asked[]): Promise<void> {
  for (let at = 1; at <= runs[round]; at += 1) {
    const asked = await ask(place);
    rounds.push(asked);
    const red = asked.notGreen.length === 0 ? 'green' : `${asked.notGreen.length} not green`;
    say(
      [`${round} ${at}/${runs[round]}: ${red}, ${asked.seconds.toFixed(1)} s`, ...asked.notGreen].join(
        '\n  ',
      ),
    );
  }
}

const { values } = parseArgs({
  options: {
    'at-rest': { type: 'string', default: '50' },
    'under-load': { type: 'string', default: '50' },
    load: { type: 'string', default: '4' },
    lab: { type: 'string' },
  },
});
const load = positive('load', values.load);
const runs: Readonly<Record<Round, number>> = {
  'at rest': positive('at-rest', values['at-rest']),
  'under load': positive('under-load', values['under-load']),
};
const signal = interruption();
const found: Record<Round, Asked[]> = { 'at rest': [], 'under load': [] };
await using state = await temporaryState();
const lent = values.lab;
const place: Place = {
  name: lent ?? OWN.name,
  env: lent === undefined ? { XDG_STATE_HOME: state.dir } : {},
  signal,
};
try {
  if (lent === undefined) {
    const flags = ['--yes', '--name', OWN.name, '--https-port', OWN.httpsPort];
    await run(MESHDEV, ['up', ...flags], { env: place.env, onErrorLine: say, signal });
  }
  await measure('at rest', place, found['at rest']);
  if (runs['under load'] > 0) {
    await using _busy = await startLoad(load * availableParallelism());
    await measure('under load', place, found['under load']);
  }
} catch (error) {
  if (!signal.aborted) throw error;
} finally {
  const text = renderFalseAlarms(found, load);
  await mkdir(join(ROOT, 'test-results'), { recursive: true });
  await writeFile(REPORT, text);
  process.stdout.write(text);
  if (lent === undefined)
    await run(MESHDEV, ['down', '--name', OWN.name], {
      env: place.env,
      signal: AbortSignal.timeout(CLEAN_UP_MS),
    });
}
const isGreen = Object.values(found).every((asked) => asked.every(({ notGreen }) => notGreen.length === 0));
process.exitCode ||= isGreen ? 0 : 1;
