import fc from 'fast-check';
import type { Fill, Shot } from './shot.ts';
import { shoot, type Target } from './shoot.ts';

/** Seconds for each program; the tests as a whole have no time for the minute that a release deserves. */
export const FUZZ_SECONDS = Number(process.env['MESHDEV_FUZZ_SECONDS'] ?? '8');
/** Printed with every failure; the same one sends the same bytes again. */
export const FUZZ_SEED = Number(process.env['MESHDEV_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const AT_ONCE = 16;
/** Shots between two looks at the program. */
const VOLLEY = 160;

export interface Fuzz {
  readonly target: Target;
  readonly shots: fc.Arbitrary<Shot>;
  readonly fill: Fill;
  readonly seconds: number;
  readonly seed: number;
  /** Whether this status says that the server was at fault; by default all from 500 on. */
  readonly isFault?: (status: number) => boolean;
  /** What is wrong with the program now, if anything; asked after each volley. */
  readonly harm: () => Promise<string | undefined>;
  /** Makes a program that was ended run again, so that a failure can be made smaller. */
  readonly revive: () => Promise<void>;
}

export interface FuzzFigures {
  readonly volleys: number;
  readonly connections: number;
  readonly answers: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
}

/**
 * Sends volleys until the time is over.
 * @throws with the smallest volley that does harm, its seed and path
 */
export async function runFuzz({
  target,
  shots,
  fill,
  seconds,
  seed,
  isFault = (status) => status >= 500,
  harm,
  revive,
}: Fuzz): Promise<FuzzFigures> {
  const statuses = new Map<number, number>();
  let [volleys, connections] = [0, 0];
  const volley = fc.asyncProperty(
    fc.array(shots, { minLength: 1, maxLength: VOLLEY, size: 'max' }),
    async (all) => {
      const hits = await inTurns(all, (shot) => shoot(target, shot, fill));
      volleys += 1;
      connections += all.length;
      const answered = hits.flatMap((hit) => hit.statuses);
      for (const status of answered) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const fault = answered.find(isFault);
      const wrong = (await harm()) ?? (fault === undefined ? undefined : `it answered ${fault}`);
      if (wrong !== undefined) throw new Error(wrong);
    },
  );
  await fc.assert(
    volley.beforeEach(async () => revive()),
    {
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      seed,
    },
  );
  return {
    volleys,
    connections,
    answers: [...statuses.values()].reduce((sum, count) => sum + count, 0),
    statuses: Object.fromEntries([...statuses].toSorted(([one], [other]) => one - other)),
  };
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
