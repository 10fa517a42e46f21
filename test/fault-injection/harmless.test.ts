import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/checks/catalogue.ts';
import { select } from '../../src/checks/select.ts';
import type { Bench } from './support/bench.ts';
import type { Harmless } from './support/harmless.ts';
import { redOf } from './support/judge-faults.ts';
import { lendLab, type LentLab } from './support/lend-lab.ts';
import { untilGreen } from './support/settle.ts';

/*
 * What people do to a lab in good faith: the check right after it is green, the first one. A lab that is there can be
 * lent for it:
 *   MESHDEV_SABOTAGE_LAB=demo MESHDEV_HARMLESS_RUNS=10 npx vitest run --project fault-injection test/fault-injection/harmless.test.ts
 * Every check is asked; MESHDEV_HARMLESS_CHECKS=named asks those that a change once turned, and the core of none.
 */

const RUNS = Number(process.env['MESHDEV_HARMLESS_RUNS'] ?? 1);
const NAMED = process.env['MESHDEV_HARMLESS_CHECKS'] === 'named';

const HARMLESS = await readHarmless();
const table: string[] = [];
let lent: LentLab;

beforeAll(async () => {
  lent = await lendLab();
  await untilGreen(lent.bench, checksOf({ concerns: HARMLESS.flatMap(({ concerns }) => concerns) }));
});

afterAll(async () => {
  await writeTable();
  await lent[Symbol.asyncDispose]();
});

it.each(HARMLESS.map((harmless) => [harmless.what, harmless] as const))(
  `%s: green, ${RUNS} times`,
  async (_what, harmless) => {
    const reds: (readonly string[])[] = [];
    for (let run = 1; run <= RUNS; run += 1) reds.push(await redAfter(lent.bench, harmless));
    const green = reds.filter((red) => red.length === 0).length;
    table.push(
      `| ${harmless.what} | ${green} of ${RUNS} | ${[...new Set(reds.flat())].slice(0, 8).join('<br>') || '–'} |`,
    );
    expect(reds).toEqual(reds.map(() => []));
  },
  RUNS * 300_000,
);

async function redAfter(bench: Bench, harmless: Harmless): Promise<readonly string[]> {
  const restore = await harmless.apply(bench);
  try {
    return redOf(await bench.check(checksOf(harmless)));
  } finally {
    await restore();
  }
}

function checksOf({ concerns }: Pick<Harmless, 'concerns'>) {
  return NAMED ? select(CATALOGUE, [...new Set(concerns)]) : CATALOGUE;
}

/** Each module exports one `harmless`. */
async function readHarmless(): Promise<readonly Harmless[]> {
  const folder = join(import.meta.dirname, 'harmless');
  const modules = await Promise.all(
    (await readdir(folder))
      .toSorted()
      .map((file): Promise<{ readonly harmless: Harmless }> => import(join(folder, file))),
  );
  return modules.map(({ harmless }) => harmless);
}

/** For people: test-results/harmless.md. */
async function writeTable(): Promise<void> {
  const folder = join(import.meta.dirname, '../../test-results');
  await mkdir(folder, { recursive: true });
  const head = ['| what was done | green | what was not |', '| --- | --- | --- |'];
  await writeFile(join(folder, 'harmless.md'), [...head, ...table, ''].join('\n'));
}
