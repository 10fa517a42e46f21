import { z } from 'zod';
import { MESHDEV } from './bench.ts';
import { LAB } from './bench-lab.ts';
import { type Cost, type Phase, startMeter } from './measure.ts';
import { run } from './run.ts';

const report = z.object({
  kind: z.literal('UpReport'),
  durationMs: z.number(),
  steps: z.array(z.object({ id: z.string(), action: z.string(), durationMs: z.number() })),
  check: z
    .object({
      durationMs: z.number(),
      checks: z.array(z.object({ id: z.string(), verdict: z.string() })),
    })
    .nullable(),
});

export interface MeshdevUp {
  /** Steps overlap: their sum is more than the total. */
  readonly phases: readonly Phase[];
  /** The whole command. */
  readonly total: Cost;
  /** Seconds until the first verified request: the command without its proof. */
  readonly toFirstRequest: number;
  /** How many steps changed something, how many checks were judged, and which of them were not green. */
  readonly changed: number;
  readonly checks: number;
  readonly notGreen: readonly string[];
}

interface Command {
  readonly stateDir: string;
  readonly signal: AbortSignal;
}

/** Exit codes of a lab that is up and has a check that failed, or that could not be seen. */
const NOT_PROVED = [1, 6] as const;

const STARTED = /^(\S+) +(?:create|update|replace|start): /;
const DONE = /^(\S+) +done in /;

/**
 * `meshdev up`, measured from outside; the cost of each step is taken when its lines appear on stderr.
 * A check that is not green is handed back, for the caller to say so beside the figures.
 * @throws Error when `up` itself fails
 */
export async function meshdevUp({ stateDir, signal }: Command): Promise<MeshdevUp> {
  const phases: Phase[] = [];
  const running = new Map<string, () => Cost>();
  const meter = startMeter();
  let afterSteps = startMeter();
  const onErrorLine = (line: string): void => {
    const [started, done] = [STARTED.exec(line)?.[1], DONE.exec(line)?.[1]];
    if (started !== undefined) {
      if (running.size === 0) phases.push({ phase: 'look and plan', ...meter() });
      running.set(started, startMeter());
    }
    const cost = running.get(done ?? '')?.();
    if (done === undefined || cost === undefined) return;
    phases.push({ phase: done, ...cost });
    afterSteps = startMeter();
  };
  const flags = ['--yes', '--name', LAB.name, '--https-port', LAB.httpsPort, '--output', 'json'];
  const stdout = await run(MESHDEV, ['up', ...flags], {
    env: { XDG_STATE_HOME: stateDir },
    accept: [0, ...NOT_PROVED],
    onErrorLine,
    signal,
  });
  const total = meter();
  const rest = afterSteps();
  const { steps, check } = report.parse(JSON.parse(stdout));
  const proof = (check?.durationMs ?? 0) / 1000;
  if (running.size > 0) phases.push({ phase: 'settle and proof', ...rest });
  return {
    phases,
    total,
    toFirstRequest: total.wall - proof,
    changed: steps.filter((step) => step.action !== 'keep').length,
    checks: check?.checks.length ?? 0,
    notGreen: (check?.checks ?? []).flatMap(({ id, verdict }) =>
      ['pass', 'skip'].includes(verdict) ? [] : [`${id} ${verdict}`],
    ),
  };
}

export async function meshdevDown({ stateDir, signal }: Command): Promise<void> {
  await run(MESHDEV, ['down', '--name', LAB.name], { env: { XDG_STATE_HOME: stateDir }, signal });
}
