import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, DEFAULT_CHOICE } from '../../src/topology/lab.ts';
import { type Home, openHome, removeLeftover } from '../support/e2e-home.ts';
import { exited } from '../support/e2e-program.ts';
import { type Bench, openBench } from './support/bench.ts';
import { inOrderOf, inShard, readChoice } from './support/choose.ts';
import { redOf, skippedIn } from './support/judge-faults.ts';
import { readModules } from './support/modules.ts';
import { doneBefore, openResults } from './support/results.ts';
import { untilGreen } from './support/settle.ts';
import { tryModule } from './support/try-module.ts';

/*
 * Breaks a live lab in one place after the other: exactly the named verdicts must turn, for the named
 * reasons, and be green again when it is put back. A lab that is there can be lent for it:
 *   MESHDEV_SABOTAGE_LAB=demo npx vitest run --project fault-injection -t PERMISSIVE
 * Without more, the core of the fault injections is tried, each judged by what it names and by the core of every hop.
 * docs/architecture.md, "Tests", has the other variables: all modules, a shard, a seed, and how to go on with a
 * run that was cut.
 */

const LENT = process.env['MESHDEV_SABOTAGE_LAB'];
const LAB = createLab({ ...DEFAULT_CHOICE, name: 'sabotage', httpsPort: 8543 });
const CHOICE = readChoice(process.env, () => randomUUID().slice(0, 8));

const RESULTS = await openResults(
  join(import.meta.dirname, '../../test-results/sabotage.jsonl'),
  CHOICE.resume,
);
const MODULES = (await readModules()).filter(({ fault }) => CHOICE.all || fault.extended !== true);
const DONE = doneBefore(RESULTS.all(), new Map(MODULES.map(({ name, digest }) => [name, digest])));
const LEFT = inShard(MODULES, CHOICE.shard).filter(({ name }) => !DONE.has(name));
const TRIED = inOrderOf(CHOICE.seed, LEFT);

let home: Home | undefined;
let bench: Bench;
let skipped: ReadonlySet<string>;

beforeAll(async () => {
  const { part, parts } = CHOICE.shard;
  process.stderr.write(
    `seed ${CHOICE.seed}, shard ${part}/${parts}: ${TRIED.length} modules to try, ${DONE.size} were right before\n`,
  );
  if (LENT === undefined) {
    home = await openHome();
    await removeLeftover(home, LAB.name);
    exited(
      await home.meshdev(['up', '--name', LAB.name, '--https-port', String(LAB.httpsPort), '--no-check']),
      0,
    );
  }
  bench = await openBench(home?.env ?? process.env, LENT ?? LAB.name);
  skipped = skippedIn(await untilGreen(bench));
});

afterAll(async () => {
  if (home === undefined) return;
  await home.meshdev(['down', '--name', LAB.name]);
  await home[Symbol.asyncDispose]();
});

it('a healthy lab is green', async () => {
  expect(redOf(await bench.check())).toEqual([]);
});

describe('a fault injection', () => {
  // A title of `it.for` is cut short, and `-t` looks for words of it.
  it.each(TRIED.map((one) => [`${one.fault.category}: ${one.fault.what}`, one] as const))(
    '%s',
    async (_title, module) => {
      const result = await tryModule(bench, module, { beside: CHOICE.beside, skipped });
      await RESULTS.add(result);
      expect(result.wrong).toEqual([]);
    },
  );

  it('leaves nothing behind', async () => {
    expect((await untilGreen(bench)).summary.exitCode).toBe(0);
  });
});
