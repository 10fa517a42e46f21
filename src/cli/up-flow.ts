import { resolve } from 'node:path';
import { apply, plan } from '../up/up.ts';
import { lockLab } from '../lab/lab-lock.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { type LastCheck, readLastCheck, rememberVerdicts } from '../up/prove/last-check.ts';
import { CATALOGUE } from '../checks/catalogue.ts';
import type { CheckReport } from '../checks/verdict.ts';
import { EXIT } from '../errors/problems.ts';
import { type LabRecord, readLabRecord, writeLabRecord } from '../lab/lab-record.ts';
import { proveUp, type ProveUpOptions } from '../up/prove/prove-up.ts';
import type { ConsentItem } from '../up/preflight.ts';
import { changedSteps, type Plan } from '../run/step.ts';
import type { UpStepId } from '../up/plan/up-steps.ts';
import type { Outcome } from '../run/execute.ts';
import { createLineReporter } from '../report/line-reporter.ts';
import { upJson, upText } from '../report/up-report.ts';
import { proofTo, showActivity, showProof } from './activity.ts';
import type { CliContext } from './cli-context.ts';
import { withDeadline } from './deadline.ts';
import type { CommonOptions } from './options.ts';
import { askConsent } from './consent.ts';
import { print, say } from './print.ts';
import { meshdevVersion } from './package-version.ts';
import { DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import type { OpenedLab } from './wire.ts';

export async function planOnly(
  cli: CliContext,
  { context }: OpenedLab,
  options: CommonOptions,
): Promise<Plan<UpStepId>> {
  return plan(context, withDeadline(cli.signal, options.timeout));
}

export interface BringUpOptions extends CommonOptions {
  readonly check: boolean;
}

/** What a command makes of the plan of `up`. */
export interface BringUpAs {
  /** As the report names it. */
  readonly command: 'up' | 'start' | 'restart';
  /** May refuse the plan, or narrow it. */
  readonly decide: (plan: Plan<UpStepId>) => Plan<UpStepId>;
}

const AS_UP: BringUpAs = { command: 'up', decide: (made) => made };

/** `up` as one reads it: plan → consent → run → check. Returns the exit code. */
export async function bringUp(
  cli: CliContext,
  opened: OpenedLab,
  options: BringUpOptions,
  { command, decide }: BringUpAs = AS_UP,
): Promise<number> {
  const { context } = opened;
  const signal = withDeadline(cli.signal, options.timeout);
  const startedAt = performance.now();
  await using _lock = await lockLab(context.files.lock, cli.pid);
  const decided = decide(await look(cli, opened, signal));
  const outcome = await run(cli, opened, decided, options, signal);
  if (outcome.error !== undefined) {
    say(cli, leftBehind(context.lab, outcome));
    throw outcome.error;
  }
  const settled = changedSteps(decided).length === 0 && opened.record?.settled === true;
  const known = await readLastCheck(context.files.lastCheck);
  const red = known?.red ?? [];
  const judged = await prove(cli, context, { settled, check: options.check, red, signal });
  const now = judged === undefined ? known : await keep(cli, context, judged);
  const report = judged === undefined ? undefined : withKnownReds(judged, now?.red ?? []);
  if (!settled && report?.summary.exitCode === 0) await remember(cli, opened, true, signal);
  const summary = {
    command,
    lab: context.lab,
    outcome,
    report,
    known: { before: red, now: now?.red ?? [] },
    of: CATALOGUE.length,
    durationMs: performance.now() - startedAt,
    source: await opened.source(signal),
  };
  if (options.output === 'json') cli.out(upJson(summary));
  else {
    // Where both are one screen, the list has said what was changed.
    const listed = cli.terminal !== undefined && cli.outIsTty;
    print(cli, upText(summary, { colour: cli.colour.out, all: options.verbose === true, listed }));
  }
  return report?.summary.exitCode ?? EXIT.ok;
}

function keep(cli: CliContext, { files }: LabContext, report: CheckReport): Promise<LastCheck> {
  const whole = new Set(report.checks.map(({ id }) => id));
  return rememberVerdicts(files.lastCheck, report, whole, (text) => say(cli, `${text}\n`));
}

/** What is known to be red and was not judged again is not green: one exit code, in the totals and of the process. */
function withKnownReds(report: CheckReport, red: readonly string[]): CheckReport {
  const { summary } = report;
  return summary.exitCode === EXIT.ok && red.length > 0
    ? { ...report, summary: { ...summary, exitCode: EXIT.timedOut } }
    : report;
}

async function look(cli: CliContext, { context }: OpenedLab, signal: AbortSignal): Promise<Plan<UpStepId>> {
  await using _activity = showActivity(cli, `reading the state of lab ${context.lab.name}`);
  // Awaited here: the activity must not end while it goes on.
  return await plan(context, signal);
}

async function prove(
  cli: CliContext,
  context: LabContext,
  options: Pick<ProveUpOptions, 'settled' | 'check' | 'red' | 'signal'>,
): Promise<CheckReport | undefined> {
  await using activity = showProof(cli);
  const progress = (message: string): void =>
    cli.terminal === undefined ? say(cli, `settle       ${message}\n`) : activity.waits(message);
  return await proveUp(context, { ...options, progress, judged: proofTo(activity) });
}

async function run(
  cli: CliContext,
  opened: OpenedLab,
  decided: Plan<UpStepId>,
  options: CommonOptions,
  signal: AbortSignal,
): Promise<Outcome<UpStepId>> {
  const { context } = opened;
  const consent = (items: readonly ConsentItem[]): Promise<boolean> =>
    askConsent(cli, options, items, signal);
  const onStart = async (): Promise<void> => {
    await announceImages(cli, opened, decided, signal);
    await remember(cli, opened, false, signal);
  };
  const changed = changedSteps(decided);
  const { terminal } = cli;
  if (terminal === undefined || changed.length === 0) {
    return apply(context, decided, {
      consent,
      onStart,
      signal,
      emit: createLineReporter((line) => say(cli, `${line}\n`)),
    });
  }
  const { createTaskList } = await import('../report/task-list.ts');
  // The list owns the terminal from its first line on, so it starts with the first event, after the questions.
  let list: ReturnType<typeof createTaskList> | undefined;
  let claim: Disposable | undefined;
  const drawSteps = (): NonNullable<typeof list> => {
    const drawn = createTaskList(changed, terminal.stream());
    claim = terminal.draws(drawn.note);
    return drawn;
  };
  const outcome = await apply(context, decided, {
    consent,
    onStart,
    signal,
    emit: (event) => {
      list ??= drawSteps();
      list.emit(event);
    },
  });
  await list?.finish();
  claim?.[Symbol.dispose]();
  return outcome;
}

/** Before anything is fetched or built: from where, how much, how long. */
async function announceImages(
  cli: CliContext,
  { source, record }: OpenedLab,
  { steps }: Plan<UpStepId>,
  signal: AbortSignal,
): Promise<void> {
  const images = steps.find(({ id }) => id === 'images');
  if (images === undefined || images.action === 'keep') return;
  const { kind, because } = await source(signal);
  // A lab stays with its source: why it was chosen was said at its first `up`.
  const why = because === record?.imageSource.because ? '' : ` (${because})`;
  say(cli, `images       source ${kind}${why} · ${images.because}\n`);
}

async function remember(
  cli: CliContext,
  { context, source, settings, file }: OpenedLab,
  settled: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { name, domain, httpsPort, trustedHeaders, strictPaths } = context.lab;
  const known = await readLabRecord(context.files.record);
  // Only the first `up` sees the machine as it was before the lab.
  const machine = known === undefined ? await machineNow(context) : known.machine;
  await writeLabRecord(context.files.record, {
    schemaVersion: '1',
    name,
    domain,
    httpsPort,
    edge: { trustedHeaders: [...trustedHeaders], strictPaths },
    imageSource: { ...(await source(signal)), profile: (await context.images(signal)).profile.name },
    images: settings,
    ...(file === undefined ? {} : { configFile: resolve(cli.cwd, file.path) }),
    meshdevVersion: await meshdevVersion(cli.packageDir),
    settled,
    ...(machine === undefined ? {} : { machine }),
  });
}

/** Before a change that is not proved: the next `up` proves the whole chain. */
export function markUnsettled(cli: CliContext, opened: OpenedLab, signal: AbortSignal): Promise<void> {
  return remember(cli, opened, false, signal);
}

async function machineNow(context: LabContext): Promise<NonNullable<LabRecord['machine']>> {
  const files = await context.machine();
  return Object.fromEntries(
    files.map(({ path, digest, mentions }) => [path, { digest, mentions: [...mentions] }]),
  );
}

/** After a failure or Ctrl-C: what there is now, and the two ways on. */
function leftBehind(lab: Lab, { steps }: Outcome): string {
  const of = (...states: readonly string[]): string =>
    steps
      .filter(({ state }) => states.includes(state))
      .map(({ step }) => step.id)
      .join(', ') || 'none';
  const name = lab.name === DEFAULT_CHOICE.name ? '' : ` --name ${lab.name}`;
  return `lab ${lab.name} is incomplete (done: ${of('kept', 'done')}; not done: ${of('failed', 'not-started')})
  meshdev up${name}     continues
  meshdev down${name}   removes it
`;
}
