import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/checks/catalogue.ts';
import { createLab, DEFAULT_CHOICE } from '../../src/topology/lab.ts';
import { type Home, openHome, removeLeftover } from '../support/e2e-home.ts';
import { exited } from '../support/e2e-program.ts';
import { type Bench, openBench } from './support/bench.ts';
import {
  afterwards,
  type Beside,
  beside,
  redOf,
  turnedOf,
  untilGreen,
  untilTurned,
} from './support/judge-sabotage.ts';
import { forgetTokens } from './support/cluster.ts';
import type { Sabotage } from './support/sabotage.ts';

/*
 * Breaks a live lab in one place after the other: exactly the named checks must fail, for the named
 * reasons, and be green again when it is put back. A lab that is there can be lent for it:
 *   MESHDEV_SABOTAGE_LAB=demo npx vitest run --project sabotage -t PERMISSIVE
 * Without more, the core of the sabotages is tried, each judged by what it names and by the core of every hop:
 * 12 minutes. MESHDEV_SABOTAGES=all tries the extended ones too; MESHDEV_SABOTAGE_CHECKS=near judges each by
 * the categories that it concerns as well, =all by every check there is.
 */

const LENT = process.env['MESHDEV_SABOTAGE_LAB'];
const EVERY_SABOTAGE = process.env['MESHDEV_SABOTAGES'] === 'all';
const BESIDE = whichChecks(process.env['MESHDEV_SABOTAGE_CHECKS'] ?? 'core');
const RUNS = Number(process.env['MESHDEV_FALSE_ALARM_RUNS'] ?? 3);
const LAB = createLab({ ...DEFAULT_CHOICE, name: 'sabotage', httpsPort: 8543 });

const SABOTAGES = await readSabotages();
const TRIED = SABOTAGES.filter(({ extended }) => EVERY_SABOTAGE || extended !== true);
const table: string[] = [];
let home: Home | undefined;
let bench: Bench;

beforeAll(async () => {
  if (LENT === undefined) {
    home = await openHome();
    await removeLeftover(home, LAB.name);
    exited(
      await home.meshdev(['up', '--name', LAB.name, '--https-port', String(LAB.httpsPort), '--no-check']),
      0,
    );
  }
  bench = await openBench(home?.env ?? process.env, LENT ?? LAB.name);
  await untilGreen(bench);
});

afterAll(async () => {
  await writeTable();
  if (home === undefined) return;
  await home.meshdev(['down', '--name', LAB.name]);
  await home[Symbol.asyncDispose]();
});

describe('a healthy lab', () => {
  it(`raises no false alarm in ${RUNS} runs`, { timeout: RUNS * 60_000 }, async () => {
    for (let run = 1; run <= RUNS; run += 1) {
      expect(redOf(await bench.check()), `run ${run} of ${RUNS}`).toEqual([]);
    }
  });
});

describe('a sabotage', () => {
  // A title of `it.for` is cut short, and `-t` looks for words of it.
  it.each(TRIED.map((sabotage) => [`${sabotage.category}: ${sabotage.what}`, sabotage] as const))(
    '%s',
    async (_title, sabotage) => {
      const began = performance.now();
      const restore = await sabotage.commit(bench);
      try {
        const report = await untilTurned(bench, sabotage, beside(sabotage, BESIDE));
        const onlyWarns = Object.values(sabotage.turns).every((turned) => turned.startsWith('warn'));
        expect(report.summary.exitCode === 0).toBe(onlyWarns);
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        table.push(
          `| ${sabotage.category} | ${sabotage.what} | ${turnedOf(report).map(cell).join('<br>')} | ${seconds} |`,
        );
      } finally {
        await restore();
        if (sabotage.logsTokens === true) await forgetTokens(bench);
      }
      await untilGreen(bench, afterwards(sabotage));
    },
  );

  it('leaves nothing behind', async () => {
    expect((await untilGreen(bench)).summary.exitCode).toBe(0);
  });

  it('of every kind is tried, and names checks that there are', () => {
    const ids = new Set<string>(CATALOGUE.map(({ id }) => id));
    const unknown = SABOTAGES.flatMap(({ turns }) => Object.keys(turns)).filter(
      (name) => !ids.has(name.replace(/\[.*$/, '')),
    );
    expect(unknown).toEqual([]);
    const core = SABOTAGES.filter(({ extended }) => extended !== true);
    expect(core.length).toBeGreaterThanOrEqual(45);
    expect(categoriesOf(core)).toEqual(categoriesOf(SABOTAGES));
    expect(new Set(SABOTAGES.map(({ what }) => what)).size).toBe(SABOTAGES.length);
  });
});

function whichChecks(text: string): Beside {
  if (text === 'core' || text === 'near' || text === 'all') return text;
  throw new Error(`MESHDEV_SABOTAGE_CHECKS=${text}: one of core, near, all`);
}

function categoriesOf(sabotages: readonly Sabotage[]): ReadonlySet<string> {
  return new Set(sabotages.map(({ category }) => category));
}

/** Each module below a folder of a category exports one `sabotage`. */
async function readSabotages(): Promise<readonly Sabotage[]> {
  const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && entry.name !== 'support',
  );
  const files = await Promise.all(
    folders.map(async ({ name }) =>
      (await readdir(join(import.meta.dirname, name))).map((file) => join(import.meta.dirname, name, file)),
    ),
  );
  const modules = await Promise.all(
    files
      .flat()
      .toSorted()
      .map((file): Promise<{ readonly sabotage: Sabotage }> => import(file)),
  );
  return modules.map(({ sabotage }) => sabotage);
}

/** What was caught, for people: test-results/sabotage.md. */
async function writeTable(): Promise<void> {
  const head = ['| category | sabotage | checks that turned | s |', '| --- | --- | --- | --- |'];
  const folder = join(import.meta.dirname, '../../test-results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'sabotage.md'), [...head, ...table, ''].join('\n'));
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ');
}
