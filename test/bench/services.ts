import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { interruption, MESHDEV, say, temporaryState } from './support/bench.ts';
import { type Cost, measured, type Phase } from './support/measure.ts';
import { run } from './support/run.ts';
import { guestImage, serviceFile } from './support/service-file.ts';
import { inWords, summarise } from './support/statistics.ts';
import { table } from './support/table.ts';

/*
 * What services cost: `check` and `up` of one lab with 0, 1, 2, 5 and 10 services of a user.
 * Usage: node test/bench/services.ts [--repeat 3] [--counts 0,1,2,5,10] [-o json]
 */

const LAB = { name: 'bench-services', httpsPort: '9544' };
const CLEAN_UP_MS = 180_000;

interface Place {
  /** Directory of meshdev.yaml. */
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

interface Measured {
  readonly services: number;
  readonly phases: readonly Phase[];
}

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    counts: { type: 'string', default: '0,1,2,5,10' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
});

function numbersIn(text: string): readonly number[] {
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number >= 0)) return numbers;
  throw new Error(`${text}: whole numbers from 0 on are needed, separated by commas`);
}

function meshdev(argv: readonly string[], { project, env, signal }: Place): Promise<string> {
  const config = join(project, 'meshdev.yaml');
  return run(MESHDEV, [...argv, '--name', LAB.name, '--config', config, '-o', 'json'], { env, signal });
}

const up = (place: Place): Promise<string> =>
  meshdev(['up', '--yes', '--no-check', '--https-port', LAB.httpsPort], place);

/** The first `up` makes the services, the second keeps them; a check that is not green ends the benchmark. */
async function measure(services: number, repeat: number, image: string, place: Place): Promise<Measured> {
  await writeFile(join(place.project, 'meshdev.yaml'), serviceFile(services, image));
  const phases: Phase[] = [];
  await measured(phases, 'up, services made', () => up(place));
  // What was just made may be busy with its start.
  await meshdev(['check'], place);
  for (let index = 0; index < repeat; index += 1) {
    await measured(phases, 'check', () => meshdev(['check'], place));
    await measured(phases, 'up, everything kept', () => up(place));
  }
  say(`${services} services done`);
  return { services, phases };
}

function asText(all: readonly Measured[]): string {
  const of = ({ phases }: Measured, name: string, cost: keyof Cost): string =>
    inWords(summarise(phases.filter(({ phase }) => phase === name).map((phase) => phase[cost])), 1);
  const rows = all.flatMap((one) =>
    [...new Set(one.phases.map(({ phase }) => phase))].map((phase) => [
      `  ${one.services}`,
      phase,
      of(one, phase, 'wall'),
      of(one, phase, 'machine'),
      of(one, phase, 'children'),
    ]),
  );
  const head = ['services', 'median (min–max)', 'wall s', 'machine core-s', 'command core-s'];
  return table([head, ...rows]);
}

const repeat = Number(values.repeat);
const counts = numbersIn(values.counts);
const signal = interruption();
await using state = await temporaryState();
const project = join(state.dir, 'project');
await mkdir(project);
const place: Place = { project, env: { XDG_STATE_HOME: join(state.dir, 'state') }, signal };
try {
  await writeFile(join(project, 'meshdev.yaml'), serviceFile(0, ''));
  await up(place);
  const image = await guestImage(LAB.name, signal);
  const all: Measured[] = [];
  for (const services of counts) all.push(await measure(services, repeat, image, place));
  const document = { schemaVersion: '1', kind: 'ServicesBench', measured: all };
  process.stdout.write(
    values.output === 'json' ? `${JSON.stringify(document, null, 2)}\n` : `${asText(all)}\n`,
  );
} catch (error) {
  if (!signal.aborted) throw error;
} finally {
  const cleanUp = { ...place, signal: AbortSignal.timeout(CLEAN_UP_MS) };
  await run(MESHDEV, ['down', '--name', LAB.name], { env: place.env, signal: cleanUp.signal });
}
