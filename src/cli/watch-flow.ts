import { apply, plan } from '../up/up.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { type BuildSource, sourcesOf } from '../images/services/build-plan.ts';
import { lockLab } from '../lab/lab-lock.ts';
import type { SourceChanges, WatchSources } from '../ports/source-changes.ts';
import { createLineReporter } from '../report/line-reporter.ts';
import type { Outcome } from '../run/execute.ts';
import { changedSteps, type Plan } from '../run/step.ts';
import { throwIfAborted } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import type { UpStepId } from '../up/plan/up-steps.ts';
import type { CliContext } from './cli-context.ts';
import { withDeadline } from './deadline.ts';
import { reportFailure } from './failure.ts';
import type { CommonOptions } from './options.ts';
import { say } from './print.ts';
import { bringUp, markUnsettled } from './up-flow.ts';
import { type OpenedLab, openWatcher } from './wire.ts';

/** Steps that a change of sources may ask for; whatever else differs is for `up`. */
const WATCHED: ReadonlySet<UpStepId> = new Set(['builds', 'services']);

interface Built {
  readonly id: string;
  readonly source: BuildSource;
}

/**
 * `up`, and then a watch that ends with the process.
 * @throws MeshdevError USAGE where nothing is built, or JSON is asked for; INTERRUPTED, WATCH_FAILED
 */
export async function upAndWatch(
  cli: CliContext,
  opened: OpenedLab,
  options: CommonOptions & { readonly check: boolean },
): Promise<never> {
  refuseWithoutBuilds(opened.context.lab);
  if (options.output === 'json')
    throw new MeshdevError('USAGE', {
      message: '--watch writes lines for people, not one JSON document',
      remedies: ['meshdev up --watch'],
    });
  // A chain that is not green yet may be what the person is at work on.
  await bringUp(cli, opened, options);
  return watchServices(cli, opened, options, await openWatcher());
}

/** @throws MeshdevError USAGE where no service of the lab is built */
function refuseWithoutBuilds({ services }: Pick<Lab, 'services'>): void {
  if (builtOf({ services }).length > 0) return;
  throw new MeshdevError('USAGE', {
    message: '--watch needs a service with `build`, and meshdev.yaml has none',
    remedies: ['meshdev docs services'],
  });
}

function builtOf({ services }: Pick<Lab, 'services'>): readonly Built[] {
  return services.flatMap(({ id, source }) => (source.kind === 'build' ? [{ id, source }] : []));
}

/**
 * Builds and deploys services again whenever their sources change, until the process is asked to stop. A round that
 * fails leaves the pods as they were, and waits for the next change.
 * @throws MeshdevError INTERRUPTED, WATCH_FAILED
 */
async function watchServices(
  cli: CliContext,
  opened: OpenedLab,
  options: CommonOptions,
  watchSources: WatchSources,
): Promise<never> {
  const built = builtOf(opened.context.lab);
  say(cli, `watch        ${built.map(({ id }) => id).join(', ')}; Ctrl-C ends it\n`);
  for (let changed: readonly string[] = []; ;) {
    // Opened before the round: what changes meanwhile is not lost, and a new `.dockerignore` counts.
    await using changes = await openChanges(cli, opened, built, watchSources);
    await attemptRound(cli, opened, options, changed);
    changed = await changes.next();
  }
}

async function openChanges(
  cli: CliContext,
  { context: { project } }: OpenedLab,
  built: readonly Built[],
  watchSources: WatchSources,
): Promise<SourceChanges> {
  const sources = await Promise.all(
    built.map(({ id, source }) =>
      // A `.dockerignore` that cannot be read fails its build; until it is mended, everything is watched.
      sourcesOf({ id }, source, project.dir).catch(() => []),
    ),
  );
  return watchSources(sources.flat(), cli.signal);
}

async function attemptRound(
  cli: CliContext,
  opened: OpenedLab,
  options: CommonOptions,
  changed: readonly string[],
): Promise<void> {
  try {
    await round(cli, opened, options, changed);
  } catch (error) {
    throwIfAborted(cli.signal);
    reportFailure(error, cli, { json: false, verbose: options.verbose === true, argv: [] });
    say(cli, 'watch        the pods that were running are left as they are; waiting for the next change\n');
  }
}

async function round(
  cli: CliContext,
  opened: OpenedLab,
  options: CommonOptions,
  changed: readonly string[],
): Promise<void> {
  const began = performance.now();
  const { context } = opened;
  const signal = withDeadline(cli.signal, options.timeout);
  await using _lock = await lockLab(context.files.lock, cli.pid);
  const decided = onlyWatched(await plan(context, signal));
  if (changedSteps(decided).length === 0) return;
  const outcome = await apply(context, decided, {
    // Nothing of these steps ends what people are connected to but the service itself.
    consent: async () => false,
    onStart: () => markUnsettled(cli, opened, signal),
    signal,
    emit: createLineReporter((line) => say(cli, `${line}\n`)),
  });
  if (outcome.error !== undefined) throw outcome.error;
  say(cli, deployedText(outcome, changed, context.project.dir, performance.now() - began));
}

/** Pure: the plan with everything else kept. */
export function onlyWatched({ steps }: Plan<UpStepId>): Plan<UpStepId> {
  return {
    steps: steps.map((step) => {
      if (WATCHED.has(step.id)) return step;
      const { ends: _ends, ...kept } = step;
      return { ...kept, action: 'keep' };
    }),
  };
}

/** Pure: `running      orders/main.go changed, in the cluster after 6.2 s (builds 3.1 s, services 2.9 s)`. */
export function deployedText(
  { steps }: Outcome<UpStepId>,
  changed: readonly string[],
  projectDir: string,
  tookMs: number,
): string {
  const parts = steps
    .filter(({ state }) => state === 'done')
    .map(({ step, durationMs }) => `${step.id} ${seconds(durationMs)}`);
  return `running      ${whatChanged(changed, projectDir)}in the cluster after ${seconds(tookMs)} (${parts.join(', ')})\n`;
}

function whatChanged(changed: readonly string[], projectDir: string): string {
  const [first, ...others] = changed.map((path) => path.replace(`${projectDir}/`, ''));
  if (first === undefined) return '';
  return `${first}${others.length === 0 ? '' : ` and ${others.length} more`} changed, `;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
