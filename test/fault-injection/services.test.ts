import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inOrderOf, inShard, readChoice } from './support/choose.ts';
import { redOf, skippedIn } from './support/judge-faults.ts';
import type { LentLab } from './support/lend-lab.ts';
import { lendServices } from './support/lend-services.ts';
import { readModules } from './support/modules.ts';
import { doneBefore, openResults } from './support/results.ts';
import { untilGreen } from './support/settle.ts';
import { tryModule } from './support/try-module.ts';

/*
 * Breaks one of two services of meshdev.yaml: exactly its verdicts turn, over all checks. The other service and the
 * lab stay green but for what a module names. test-results/services.md is the table.
 */

const CHOICE = readChoice(process.env, () => randomUUID().slice(0, 8));
const RESULTS = await openResults(
  join(import.meta.dirname, '../../test-results/services.jsonl'),
  CHOICE.resume,
);
const MODULES = await readModules('services');
const DONE = doneBefore(RESULTS.all(), new Map(MODULES.map(({ name, digest }) => [name, digest])));
const LEFT = inShard(MODULES, CHOICE.shard).filter(({ name }) => !DONE.has(name));
const TRIED = inOrderOf(CHOICE.seed, LEFT);

let lab: LentLab;
let skipped: ReadonlySet<string>;

beforeAll(async () => {
  process.stderr.write(
    `seed ${CHOICE.seed}: ${TRIED.length} modules to try, ${DONE.size} were right before\n`,
  );
  lab = await lendServices();
  skipped = skippedIn(await untilGreen(lab.bench));
});

afterAll(() => lab[Symbol.asyncDispose]());

it('a healthy lab with two services is green', async () => {
  expect(redOf(await lab.bench.check())).toEqual([]);
});

describe('a fault in one of two services', () => {
  it.each(TRIED.map((one) => [one.fault.what, one] as const))('%s', async (_title, module) => {
    const result = await tryModule(lab.bench, module, { beside: 'all', skipped });
    await RESULTS.add(result);
    expect(result.wrong).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    expect((await untilGreen(lab.bench)).summary.exitCode).toBe(0);
  });
});
