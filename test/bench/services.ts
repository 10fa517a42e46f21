import { parseArgs } from 'node:util';
import { interruption, say } from './support/bench.ts';
import { type Cost, measured, type Phase } from './support/measure.ts';
import { serviceFile } from './support/service-file.ts';
import { openServiceLab, type ServiceLab } from './support/service-lab.ts';
import { inWords, summarise } from './support/statistics.ts';
import { table } from './support/table.ts';

/*
 * What services cost: `check` and `up` of one lab with 0, 1, 2, 5 and 10 services of a user.
 * Usage: node test/bench/services.ts [--repeat 3] [--counts 0,1,2,5,10] [--lab NAME] [-o json]
 * The services of a lab that is lent are replaced.
 */

interface Measured {
  readonly services: number;
  readonly phases: readonly Phase[];
}

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    counts: { type: 'string', default: '0,1,2,5,10' },
    lab: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
});

function numbersIn(text: string): readonly number[] {
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number >= 0)) return numbers;
  throw new Error(`${text}: whole numbers from 0 on are needed, separated by commas`);
}

/** The first `up` makes the services, the second keeps them; a check that is not green ends the benchmark. */
async function measure(services: number, repeat: number, lab: ServiceLab): Promise<Measured> {
  const file = serviceFile(services, lab.image);
  const phases: Phase[] = [];
  await measured(phases, 'up, services made', () => lab.up(file));
  for (let index = 0; index < repeat; index += 1) {
    await measured(phases, 'check', () => lab.meshdev(['check', '-o', 'json']));
    await measured(phases, 'up, everything kept', () => lab.up(file));
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
try {
  const own = { name: 'bench-services', httpsPort: '9544' };
  await using lab = await openServiceLab({ own, lent: values.lab, signal });
  const all: Measured[] = [];
  for (const services of counts) all.push(await measure(services, repeat, lab));
  const document = { schemaVersion: '1', kind: 'ServicesBench', measured: all };
  process.stdout.write(values.output === 'json' ? `${JSON.stringify(document, null, 2)}\n` : asText(all));
} catch (error) {
  if (!signal.aborted) throw error;
}
