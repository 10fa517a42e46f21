import { expect, it } from 'vitest';
import type { Cause } from '../../../../src/checks/diagnosis/cause.ts';
import type { CheckReport } from '../../../../src/checks/verdict.ts';
import { pause } from '../../../../src/run/wait-until.ts';
import { unlessCertain } from '../../../../src/up/prove/unless-certain.ts';
import { report, result, VERDICTS } from '../../../support/reports.ts';
import { cause } from '../../../support/causes.ts';

const signal = new AbortController().signal;
const SOON = { signal, firstMs: 1, intervalMs: 1 };

const naming = (...causes: readonly Cause[]): CheckReport =>
  report([result('MD-WRK-001', VERDICTS.fail)], { causes });
const FOREIGN = naming(cause('MD-DRIFT-004:RequestAuthentication/istio-ingress/x'));

/** Waits until it is told to stop, as a wait for a request that never passes does. */
async function forever(until: AbortSignal): Promise<void> {
  await pause(60_000, until);
  throw new Error('stopped');
}

it('comes to its end where the lab comes to rest, and looks no more', async () => {
  let looks = 0;
  const look = async (): Promise<CheckReport> => {
    looks += 1;
    return naming();
  };
  expect(await unlessCertain(async () => undefined, look, { ...SOON, firstMs: 1_000 })).toBe(true);
  expect(looks).toBe(0);
});

it('ends when two looks name a cause that does not pass by itself', async () => {
  const seen = [naming(), FOREIGN, FOREIGN];
  let looks = 0;
  const look = async (): Promise<CheckReport> => seen[looks++] ?? naming();
  expect(await unlessCertain(forever, look, SOON)).toBe(false);
  expect(looks).toBe(3);
});

it.each<[string, readonly CheckReport[]]>([
  ['a cause that may pass', [naming(cause('MD-WRK-009:x', { lasting: false }))]],
  [
    'a foreign object that turns nothing but a warning',
    [naming(cause('MD-DRIFT-004:x', { verdict: 'warn' }))],
  ],
  ['another cause each time', [naming(cause('MD-DRIFT-001:a')), naming(cause('MD-DRIFT-001:b'))]],
])('waits on beside %s', async (_what, seen) => {
  let looks = 0;
  const enough = Promise.withResolvers<undefined>();
  const look = async (): Promise<CheckReport> => {
    if (looks === 4) enough.resolve(undefined);
    return seen[looks++ % seen.length] ?? naming();
  };
  expect(await unlessCertain(() => enough.promise, look, SOON)).toBe(true);
});

it('throws what the wait throws, whatever a look that fails says', async () => {
  const wait = async (until: AbortSignal): Promise<void> => {
    await pause(20, until);
    throw new Error('in vain');
  };
  const look = async (): Promise<CheckReport> => {
    throw new Error('nothing to see');
  };
  await expect(unlessCertain(wait, look, SOON)).rejects.toThrow('in vain');
});
