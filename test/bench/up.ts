import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { benchOptions, interruption, say, temporaryState } from './support/bench.ts';
import { openBenchLab } from './support/bench-lab.ts';
import { containerSeconds } from './support/container-seconds.ts';
import type { Cost } from './support/measure.ts';
import { meshdevDown, meshdevUp } from './support/meshdev-up.ts';
import { naiveDown, naiveUp } from './support/naive-up.ts';
import { inWords, summarise } from './support/statistics.ts';
import type { Pair } from './support/pair.ts';
import { pairTable } from './support/pair-table.ts';

// `meshdev up` beside the naive serial script on the same images and programs, in pairs within one run.
// Both begin with nothing but the images and end with a verified 200 through the whole chain.

const CLEAN_UP_MS = 120_000;

async function measureMeshdev(signal: AbortSignal): Promise<Pair['meshdev']> {
  await using state = await temporaryState();
  const context = await openBenchLab(state.dir, signal);
  try {
    const up = await meshdevUp({ stateDir: state.dir, signal });
    return { ...up, own: up.total.children + (await containerSeconds(context, signal)) };
  } finally {
    await meshdevDown({ stateDir: state.dir, signal: AbortSignal.timeout(CLEAN_UP_MS) });
  }
}

async function measureNaive(signal: AbortSignal): Promise<Pair['naive']> {
  await using state = await temporaryState();
  const context = await openBenchLab(state.dir, signal);
  const provided = await context.provide({ signal, progress: say });
  const dir = join(state.dir, 'mounts');
  await mkdir(dir);
  try {
    const phases = await naiveUp({ context, provided, dir, signal });
    const sum = (of: keyof Cost): number => phases.reduce((total, phase) => total + phase[of], 0);
    const total = { wall: sum('wall'), machine: sum('machine'), children: sum('children') };
    return { phases, total, own: total.children + (await containerSeconds(context, signal)) };
  } finally {
    await naiveDown({ context, signal: AbortSignal.timeout(CLEAN_UP_MS) });
  }
}

/** Who goes first changes with each pair: a machine that warms up or slows down favours neither. */
async function measurePair(index: number, signal: AbortSignal): Promise<Pair> {
  if (index % 2 === 1) {
    const naive = await measureNaive(signal);
    return { naive, meshdev: await measureMeshdev(signal) };
  }
  const meshdev = await measureMeshdev(signal);
  return { meshdev, naive: await measureNaive(signal) };
}

function ratios(pairs: readonly Pair[]) {
  const over = (of: (pair: Pair) => number) => summarise(pairs.map(of));
  return {
    toFirstRequest: over(({ meshdev, naive }) => meshdev.toFirstRequest / naive.total.wall),
    withProof: over(({ meshdev, naive }) => meshdev.total.wall / naive.total.wall),
    ownCoreSeconds: over(({ meshdev, naive }) => meshdev.own / naive.own),
  };
}

const { repeat, json } = benchOptions(3);
const signal = interruption();
const pairs: Pair[] = [];
try {
  for (let index = 0; index < repeat; index += 1) {
    const pair = await measurePair(index, signal);
    pairs.push(pair);
    say(
      `pair ${index + 1}/${repeat}: meshdev ${pair.meshdev.total.wall.toFixed(1)} s (proof included), naive ${pair.naive.total.wall.toFixed(1)} s`,
    );
  }
  const ratio = ratios(pairs);
  const text = `${pairTable(pairs)}
ratio meshdev / naive, ${repeat} pairs: median (min–max)
  wall to the first verified request  ${inWords(ratio.toFirstRequest, 2)}
  wall with the whole chain proved    ${inWords(ratio.withProof, 2)}
  own core-seconds, proof included    ${inWords(ratio.ownCoreSeconds, 2)}
`;
  const document = { schemaVersion: '1', kind: 'UpBench', pairs, ratio };
  const notGreen = [...new Set(pairs.flatMap(({ meshdev }) => meshdev.notGreen))];
  if (notGreen.length > 0) {
    say(`not proved: ${notGreen.join(', ')}; the figures are those of a lab with a fault`);
    process.exitCode = 1;
  }
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : text);
} catch (error) {
  if (!signal.aborted) throw error;
}
