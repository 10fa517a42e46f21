import { ownServices } from '../topology/service.ts';
import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AnyCheck } from '../checks/check.ts';
import { CATALOGUE } from '../checks/catalogue.ts';
import { select } from '../checks/select.ts';
import { readServices } from '../checks/selector.ts';
import type { CheckReport } from '../checks/verdict.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { EXIT } from '../errors/problems.ts';
import { redact } from '../errors/redact.ts';
import { writeWhole } from '../keys/private-files.ts';
import { rememberVerdicts } from '../up/prove/last-check.ts';
import { refuseAsleep } from '../lab/asleep.ts';
import { refuseForeignLabIfAny } from '../lab/whose.ts';
import { loadMatrix } from '../lab/load-matrix.ts';
import { proveChain } from '../up/prove/prove-chain.ts';
import { json } from '../report/json.ts';
import { stoppedCode } from '../run/interruption.ts';
import { createLab, DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import { type Activity, proofTo } from './activity.ts';
import type { CliContext } from './cli-context.ts';
import type { CheckOptions } from './check-options.ts';
import { print, say } from './print.ts';
import { withDeadline } from './deadline.ts';
import { openWantedLab } from './wire.ts';
import { patientTimeout } from '../run/patience.ts';

/**
 * Five times what a lab needs that works; half of one may not keep a pipeline waiting. All evidence but one has less:
 * istiod may pause for a minute, and is waited for.
 */
const CHECK_MS = 120_000;

interface Proved {
  readonly report: CheckReport;
  readonly lab: Lab;
}

/**
 * `check` as one reads it: prove, print, write what was asked for. Returns the exit code.
 * @param selectors as they were written; all is judged where there are none
 * @param activity says how far it is; it has ended when the first result is printed
 */
export async function checkAndTell(
  cli: CliContext,
  selectors: readonly string[],
  options: CheckOptions,
  activity: Activity,
): Promise<number> {
  const proved = await prove(cli, selectors, options, activity).catch(async (error: unknown) => {
    await tellNotRun(cli, options, redact(textOf(error))).catch((unwritten: unknown) =>
      sayUnwritten(cli, unwritten),
    );
    throw error;
  });
  const { exitCode } = proved.report.summary;
  await tell(proved, cli, options);
  try {
    await keep(proved, cli, options);
    return exitCode;
  } catch (unwritten) {
    sayUnwritten(cli, unwritten);
    return exitCode === EXIT.ok ? EXIT.usage : exitCode;
  }
}

/** The verdicts stand: no second document on stdout and no other code may take their place. */
function sayUnwritten(cli: CliContext, error: unknown): void {
  if (!(error instanceof MeshdevError)) throw error;
  say(cli, `meshdev: ${error.code}: ${redact(error.message)}\n`);
}

async function prove(
  cli: CliContext,
  selectors: readonly string[],
  options: CheckOptions,
  shown: Activity,
): Promise<Proved> {
  // Nothing is printed while it is drawn.
  await using activity = shown;
  const { context } = await openWantedLab(cli, options);
  const checks = selectOf(context.lab, selectors, options);
  const signal =
    options.timeout === undefined
      ? AbortSignal.any([cli.signal, patientTimeout(CHECK_MS)])
      : withDeadline(cli.signal, options.timeout);
  await refuseForeignLabIfAny(context, signal);
  await refuseAsleep(context, 'checking', signal);
  const { strict = false, capture = false } = options;
  // Read before anything is sent: a mistake in the file is a mistake of usage.
  const own = options.matrix === undefined ? {} : { matrix: await loadMatrix(context, options.matrix) };
  const report = await proveChain(context, signal, checks, {
    strict,
    capture,
    progress: proofTo(activity),
    ...own,
  });
  // Another matrix is another question: `up` could not ask it again.
  if (options.matrix === undefined && !report.interrupted) {
    // Others were selected or left out by case.
    const whole = new Set(checks.filter((check) => CATALOGUE.includes(check)).map(({ id }) => id));
    await rememberVerdicts(context.files.lastCheck, report, whole, (text) => say(cli, `${text}\n`));
  }
  return { report, lab: context.lab };
}

/** @throws MeshdevError USAGE also for a service that the lab does not have */
function selectOf(
  lab: Lab,
  selectors: readonly string[],
  { skip, service }: CheckOptions,
): readonly AnyCheck[] {
  const only = service === undefined ? undefined : readServices(service, lab);
  return select(CATALOGUE, selectors, skip, { services: ownServices(lab), only });
}

/** Verdicts are settled before this: a format changes how they look and nothing else. */
async function tell({ report, lab }: Proved, cli: CliContext, options: CheckOptions): Promise<void> {
  switch (options.output) {
    case 'json':
      return cli.out(json((await import('../report/check-json.ts')).checkJson(report)));
    case 'junit':
      return cli.out((await import('../report/check-junit.ts')).checkJunit(report));
    case 'tap':
      return cli.out((await import('../report/check-tap.ts')).checkTap(report));
    case 'github':
      return cli.out((await import('../report/check-github.ts')).checkGithub(report));
    default: {
      const { checkText } = await import('../report/check-text.ts');
      const { verbose = false, quiet = false } = options;
      return print(cli, `${checkText(report, lab, { colour: cli.colour.out, all: verbose, quiet })}\n`);
    }
  }
}

/** Files beside stdout; written for a run that was interrupted too. */
async function keep({ report, lab }: Proved, cli: CliContext, options: CheckOptions): Promise<void> {
  const summaryFile = cli.env['GITHUB_STEP_SUMMARY'];
  if (options.output === 'github' && summaryFile !== undefined && summaryFile !== '') {
    const { checkSummary } = await import('../report/check-github.ts');
    await writing(summaryFile, () => appendFile(summaryFile, checkSummary(report)));
  }
  if (options.report === undefined) return;
  const path = resolve(cli.cwd, options.report);
  const { checkHtml } = await import('../report/check-html.ts');
  await writing(path, () => writeWhole(path, checkHtml(report, lab), 0o600));
  say(cli, `meshdev: report written to ${path}\n`);
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new MeshdevError('USAGE', { message: `writing ${path}: ${textOf(cause)}`, cause });
  }
}

/** Readers of a file see no exit code: what did not run must not look like a green run of before. */
async function tellNotRun(cli: CliContext, options: CheckOptions, message: string): Promise<void> {
  const { notRunReport } = await import('../report/nothing-judged.ts');
  const lab = createLab({ ...DEFAULT_CHOICE, name: options.name ?? DEFAULT_CHOICE.name });
  const report = notRunReport(lab.name, message, new Date(), stoppedCode(cli.signal));
  if (['junit', 'tap', 'github'].includes(options.output)) await tell({ report, lab }, cli, options);
  await keep({ report, lab }, cli, options);
}
