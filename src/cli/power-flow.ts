import type { PowerAction, PowerChange, PowerPlan } from '../lab/power.ts';
import type { RunScope } from '../run/run-scope.ts';
import { showActivity } from './activity.ts';
import type { CliContext } from './cli-context.ts';
import type { CommonOptions } from './options.ts';
import { runScopeOf } from './run-scope-of.ts';
import { withDeadline } from './deadline.ts';
import type { BringUpOptions } from './up-flow.ts';
import type { OpenedLab } from './wire.ts';

/** What was done to which lab. */
export interface Powered extends PowerChange {
  readonly lab: string;
  readonly durationMs: number;
}

const DOING: Readonly<Record<PowerAction, string>> = {
  stop: 'stopping',
  pause: 'pausing',
  resume: 'resuming',
};

/** Stops, pauses or resumes the lab that the options name, alone. */
export async function power(
  cli: CliContext,
  action: PowerAction,
  { context }: OpenedLab,
  options: CommonOptions,
): Promise<Powered> {
  const { changePower } = await import('../lab/power.ts');
  const { lockLab } = await import('../lab/lab-lock.ts');
  const lab = context.lab.name;
  await using _lock = await lockLab(context.files.lock, cli.pid);
  await using activity = showActivity(cli, `${DOING[action]} lab ${lab}`);
  const began = performance.now();
  const run = { signal: withDeadline(cli.signal, options.timeout), progress: activity.waits };
  // Awaited here: the lock must not be given back before.
  const change = await changePower(action, context, run);
  return { lab, durationMs: performance.now() - began, ...change };
}

/** What `power` would do; changes nothing. */
export async function planOf(
  cli: CliContext,
  action: PowerAction,
  { context }: OpenedLab,
  options: CommonOptions,
): Promise<PowerPlan> {
  const { lookAtPower } = await import('../lab/power.ts');
  return lookAtPower(action, context, withDeadline(cli.signal, options.timeout));
}

/**
 * Sends one valid request through the whole chain, as soon as it passes.
 * @returns milliseconds until then
 */
export async function requestPasses(
  cli: CliContext,
  { context }: OpenedLab,
  options: CommonOptions,
): Promise<number> {
  const { waitForRequest } = await import('../up/prove/settle-chain.ts');
  const scope: RunScope = runScopeOf(cli, options);
  await using activity = showActivity(cli, 'waiting for a valid request to pass the chain');
  const began = performance.now();
  await waitForRequest(context, cli.terminal === undefined ? scope : { ...scope, progress: activity.waits });
  return performance.now() - began;
}

/** `up` of a lab that is there, which makes no part of it anew. Returns the exit code. */
export async function startLab(
  cli: CliContext,
  command: 'start' | 'restart',
  opened: OpenedLab,
  options: BringUpOptions & { readonly dryRun?: boolean },
): Promise<number> {
  const { bringUp, planOnly } = await import('./up-flow.ts');
  const { keepOnly } = await import('../up/plan/keep-only.ts');
  const { ownContainers } = await import('../lab/power.ts');
  const { context } = opened;
  await ownContainers(context, 'starting', withDeadline(cli.signal, options.timeout));
  const decide = (plan: Parameters<typeof keepOnly>[1]) => keepOnly(context.lab.name, plan);
  if (options.dryRun !== true) return bringUp(cli, opened, options, { command, decide });
  const { printPlan } = await import('./print-plan.ts');
  const plan = await planOnly(cli, opened, options);
  decide(plan);
  return printPlan(cli, { plan }, options.output);
}
