import { platform, release } from 'node:os';
import { poolProblem } from '../engine/address-pools.ts';
import { engineProblem } from '../engine/engine-fit.ts';
import type { MeshdevError } from '../errors/meshdev-error.ts';
import { readSpace } from '../host/facts/places.ts';
import { clockProblem, skewOf, skewProblem } from '../host/judges/clock-problem.ts';
import { dockerCliProblem, wslProblem } from '../host/judges/machine-problem.ts';
import { spaceProblem } from '../host/judges/space-problem.ts';
import type { LabContext } from '../lab/lab-context.ts';
import type { UpStepId } from './plan/up-steps.ts';

/* The fatal findings of `doctor`, for an `up` that is about to change something. */

/** @throws MeshdevError HOST_NOT_FIT */
export function ensureMachineFits(now: number = Date.now(), kernel: string = release()): void {
  refuse(clockProblem(now) ?? wslProblem(platform(), kernel));
}

/**
 * @param changes whether a step of the plan changes something
 * @throws MeshdevError ENGINE_NOT_FIT, TOOL_MISSING
 */
export async function ensureEngineFits(
  context: Pick<LabContext, 'engine' | 'runner' | 'lab'>,
  changes: (id: UpStepId) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const engine = await context.engine(signal);
  const askedAt = Date.now();
  const info = await engine.info(signal);
  refuse(engineProblem(info) ?? skewProblem(skewOf(info.systemTime, askedAt, Date.now())));
  if (changes('network')) {
    const networks = await engine.networks.list({}, signal);
    const own = [context.lab.network, context.lab.idpNetwork];
    const missing = own.filter((name) => !networks.some((network) => network.name === name));
    refuse(poolProblem(info, networks, missing.length));
  }
  if (changes('cluster')) refuse(dockerCliProblem((await context.runner.find('docker')) !== undefined));
}

/**
 * Room for what is written in any case; what images need is known to their source.
 * @throws MeshdevError DISK_FULL
 */
export async function ensureSpaceLeft(
  { paths }: Pick<LabContext, 'paths'>,
  role: 'state' | 'cache',
): Promise<void> {
  const path = role === 'state' ? paths.stateDir : paths.cacheDir;
  refuse(spaceProblem([{ role, path, space: await readSpace(path) }]));
}

function refuse(problem: MeshdevError | undefined): void {
  if (problem !== undefined) throw problem;
}
