import { homedir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '../../src/checks/catalogue.ts';
import type { Collect } from '../../src/evidence/collect.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { select as selected } from '../../src/checks/select.ts';
import { createCollect } from '../../src/probe/collect.ts';
import { sendTraced } from '../../src/probe/requests/send-traced.ts';
import { stoppedCode } from '../../src/run/interruption.ts';
import { openProbeContext } from '../../src/probe/open-probe-context.ts';
import {
  type BenchOptions,
  benchOptions,
  interruption,
  MESHDEV,
  say,
  temporaryState,
} from './support/bench.ts';
import { LAB, openBenchLab } from './support/bench-lab.ts';
import { type Cost, measured, type Phase } from './support/measure.ts';
import { meshdevDown, meshdevUp } from './support/meshdev-up.ts';
import { run } from './support/run.ts';
import { inWords, summarise } from './support/statistics.ts';
import { table } from './support/table.ts';

// What a warm lab costs: `check`, an `up` that keeps everything, and each piece of evidence by itself
// within one run of all of them.

const CLEAN_UP_MS = 120_000;

interface Place {
  readonly name: string;
  readonly stateDir: string;
  readonly select: readonly string[];
  readonly signal: AbortSignal;
}

/** Exit code 1 is a verdict, and as dear as a 0. */
async function meshdev(argv: readonly string[], { name, stateDir, signal }: Place): Promise<void> {
  const named = [...argv, '--name', name, '--output', 'json'];
  await run(MESHDEV, named, { env: { XDG_STATE_HOME: stateDir }, accept: [0, 1], signal });
}

/** Milliseconds from the start of the run until each piece of evidence was there; they are gathered at once. */
async function evidenceTimes({
  name,
  stateDir,
  select,
  signal,
}: Place): Promise<ReadonlyMap<string, number>> {
  const context = await openBenchLab(stateDir, signal, { name });
  using probeContext = await openProbeContext(context, signal);
  const collect = createCollect(probeContext);
  const times = new Map<string, number>();
  const started = performance.now();
  const timed: Collect = async (key) => {
    const found = await collect(key);
    times.set(key, performance.now() - started);
    return found;
  };
  await runChecks(selected(CATALOGUE, select), {
    lab: context.lab,
    collect: timed,
    now: () => Date.now(),
    interrupted: () => stoppedCode(signal),
  });
  return times;
}

/** Requests of one run, each proved alone; the first one warms the connections up. */
const PROOFS = 11;

/**
 * Milliseconds for one chain proof: one honest request, and the records that edge, gateway, sidecar and
 * app wrote of it.
 * @throws when a component has no record: then nothing was proved
 */
async function proofTimes({ name, stateDir, signal }: Place): Promise<readonly number[]> {
  using probeContext = await openProbeContext(await openBenchLab(stateDir, signal, { name }), signal);
  const { alice } = await probeContext.tokens();
  const times: number[] = [];
  for (let proof = 0; proof < PROOFS; proof += 1) {
    const started = performance.now();
    const request = { id: 'proof', method: 'GET', path: '/headers', token: alice.accessToken };
    const traced = (await sendTraced(probeContext, [request])).get('proof');
    const components = [traced?.edge, traced?.gateway, traced?.sidecar, traced?.app, traced?.echo];
    if (components.includes(undefined)) throw new Error('a party has no record of the proof');
    times.push(performance.now() - started);
  }
  return times.slice(1);
}

async function measureWarm(repeat: number, place: Place) {
  const phases: Phase[] = [];
  const proofs: number[] = [];
  const evidence: ReadonlyMap<string, number>[] = [];
  for (let index = 0; index < repeat; index += 1) {
    await measured(phases, 'check', () => meshdev(['check', ...place.select], place));
    await measured(phases, 'up, everything kept', () => meshdev(['up', '--yes'], place));
    await measured(phases, 'status', () => meshdev(['status'], place));
    evidence.push(await evidenceTimes(place));
    proofs.push(...(await proofTimes(place)));
    say(`round ${index + 1}/${repeat} done`);
  }
  return { phases, evidence, proofs };
}

function asText({ phases, evidence, proofs }: Awaited<ReturnType<typeof measureWarm>>): string {
  const of = (name: string, cost: keyof Cost): string =>
    inWords(summarise(phases.filter(({ phase }) => phase === name).map((phase) => phase[cost])), 2);
  const commands = [...new Set(phases.map(({ phase }) => phase))];
  const keys = [...(evidence[0]?.keys() ?? [])];
  const sampleOf = (key: string): readonly number[] => evidence.flatMap((times) => times.get(key) ?? []);
  return `${table([
    ['warm lab: median (min–max)', 'wall s', 'machine core-s', 'command core-s'],
    ...commands.map((name) => [`  ${name}`, of(name, 'wall'), of(name, 'machine'), of(name, 'children')]),
  ])}
${table([['one chain proof, four records'], [`  ${inWords(summarise(proofs), 0)} ms`]])}
${table([['evidence, gathered at once', 'ms until there'], ...keys.map((key) => [`  ${key}`, inWords(summarise(sampleOf(key)), 0)])])}`;
}

/** A lab of its own, or the one that was lent, as the user of this environment has it. */
async function inLab(
  { lab: lent, select }: Pick<BenchOptions, 'lab' | 'select'>,
  measure: (place: Place) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  if (lent !== undefined) {
    const stateDir = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
    return measure({ name: lent, stateDir, select, signal });
  }
  await using state = await temporaryState();
  const place = { name: LAB.name, stateDir: state.dir, select, signal };
  try {
    await meshdevUp(place);
    await measure(place);
  } finally {
    await meshdevDown({ stateDir: state.dir, signal: AbortSignal.timeout(CLEAN_UP_MS) });
  }
}

const { repeat, json, ...where } = benchOptions(5);
const signal = interruption();
try {
  await inLab(
    where,
    async (place) => {
      const result = await measureWarm(repeat, place);
      const evidence = result.evidence.map((times) => Object.fromEntries(times));
      const document = {
        schemaVersion: '1',
        kind: 'CheckBench',
        phases: result.phases,
        proofs: result.proofs,
        evidence,
      };
      process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : asText(result));
    },
    signal,
  );
} catch (error) {
  if (!signal.aborted) throw error;
}
