import { z } from 'zod';
import type { ListenerOrder, Order, Sighting } from './rogue-server/order.ts';
import { type Job, resultOf } from './program/job.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { waitUntil } from '../run/wait-until.ts';
import { type ExecEngine, execProbe } from './exec-probe.ts';
import type { AskProbe } from './probe-program.ts';
import { parseJson } from '../parse-json.ts';
import { patience, patientTimeout } from '../run/patience.ts';

/** Inside the guest image. */
const ROGUE_SERVER_ARGV = ['node', '/opt/meshdev/guest/imposter/main.js'] as const;

/** Long enough for Node.js to start on a busy machine. */
const START_MS = 10_000;

const document = z.object({
  sightings: z.array(
    z.custom<Sighting>((value) => typeof value === 'object' && value !== null && 'connections' in value),
  ),
});

export interface RogueServerOptions {
  readonly engine: ExecEngine;
  /** A probe in that container. */
  readonly ask: AskProbe;
  /** Of the guest image, on the network that the rogue server's clients reach. */
  readonly container: string;
  readonly listeners: readonly ListenerOrder[];
  /** One for each rogue server that runs at the same time in that container. */
  readonly controlPort: number;
  /** Ends by itself after this time, whatever becomes of us. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Lets a rogue server listen while `work` goes on, and ends it.
 * @returns what `work` returned and what each listener saw
 * @throws MeshdevError STEP_FAILED when it does not start or ends without a word
 */
export async function withRogueServer<T>(
  options: RogueServerOptions,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly sightings: readonly Sighting[] }> {
  const running = run(options);
  // It is awaited below; what it throws before that is not lost.
  running.catch(() => undefined);
  try {
    await Promise.race([listening(options), running]);
    const done = await work();
    await knock(options, true);
    return { done, sightings: await running };
  } catch (error) {
    // That probe may have ended with the run.
    const ask: AskProbe = (jobs, signal) => execProbe(options.engine, options.container, jobs, signal);
    const signal = patientTimeout(START_MS);
    await knock({ ...options, ask, signal }, true).catch(() => undefined);
    throw error;
  }
}

async function run(options: RogueServerOptions): Promise<readonly Sighting[]> {
  const { engine, container, listeners, controlPort, signal } = options;
  const timeoutMs = patience(options.timeoutMs);
  const order: Order = { listeners, controlPort, timeoutMs };
  const { exitCode, stdout, stderr } = await engine.containers.exec(
    container,
    { argv: ROGUE_SERVER_ARGV, stdin: JSON.stringify(order), timeoutMs: timeoutMs + START_MS },
    signal,
  );
  const parsed = exitCode === 0 ? document.safeParse(parseJson(stdout.toString('utf8'))) : undefined;
  if (parsed?.success === true) return parsed.data.sightings;
  throw new MeshdevError('STEP_FAILED', {
    message: `a rogue server in ${container} exited with code ${exitCode}: ${stderr.toString('utf8').slice(-300)}`,
    remedies: ['meshdev up'],
  });
}

/** The control port opens after all listeners. */
async function listening(options: RogueServerOptions): Promise<void> {
  await waitUntil(
    async () => ((await knock(options, false)) ? { done: true } : { seen: 'no process listens yet' }),
    { what: 'a rogue server to listen', timeoutMs: START_MS, intervalMs: 50, signal: options.signal },
  );
}

/** Connects to the control port; with a byte, the rogue server ends. */
async function knock({ ask, controlPort, signal }: RogueServerOptions, end: boolean): Promise<boolean> {
  const job: Job = {
    kind: 'tcp',
    id: 'knock',
    host: '127.0.0.1',
    port: controlPort,
    timeoutMs: 2_000,
    ...(end ? { send: Buffer.from('.').toString('base64') } : {}),
  };
  const results = await ask([job], signal);
  return resultOf(results, 'tcp', 'knock')?.connected === true;
}
