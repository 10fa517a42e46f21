import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBenchOnce } from '../support/e2e-bench.ts';
import { type Home, openHome } from '../support/e2e-home.ts';

// A benchmark that nobody runs breaks unseen. The one of a warm lab runs in lab.test.ts, where there is one.

let home: Home;
beforeAll(async () => (home = await openHome()));
afterAll(async () => home[Symbol.asyncDispose]());

it.each(['help', 'up'] as const)('the benchmark of %s runs and measures', async (name) => {
  expect(await runBenchOnce(name, home.env)).toEqual([]);
});
