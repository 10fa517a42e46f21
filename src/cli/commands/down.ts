import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Removed } from '../../lab/down.ts';
import type { CliContext } from '../cli-context.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withConsent, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import { runScopeOf } from '../run-scope-of.ts';

const SILENT = 'no container engine answers';

interface DownOptions extends CommonOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly all?: boolean;
}

export function downCommand(act: Act): Command {
  return withConsent(withLab(withCommon(new Command('down'))))
    .option('--all', 'remove every lab of this state directory, after your consent')
    .option('--dry-run', 'print what would be removed and change nothing')
    .option('--force', 'remove a lab whose state directory is lost')
    .action(
      act(async (cli, options: DownOptions) => {
        if (options.all === true) return removeAll(cli, options);
        if (options.dryRun === true) return dryRun(cli, options);
        const { lab, removed } = await removeOne(cli, options);
        if (options.output === 'json')
          cli.out(json({ schemaVersion: '1', kind: 'DownReport', ...reportMembers({ lab, removed }) }));
        else print(cli, asText(lab, removed));
        return exitOf([removed]);
      }),
    );
}

/** What could not be looked for is not said to be gone. */
function exitOf(removed: readonly Removed[]): number {
  return removed.some((one) => one.engineSilent && one.directories.length > 0) ? EXIT.hostNotFit : EXIT.ok;
}

interface OfLab {
  readonly lab: string;
  readonly removed: Removed;
}

async function removeOne(cli: CliContext, options: DownOptions): Promise<OfLab> {
  const { openLab } = await import('../wire.ts');
  const { down } = await import('../../lab/down.ts');
  const { showActivity } = await import('../activity.ts');
  const { lockLab } = await import('../../lab/lab-lock.ts');
  const { context } = await openLab(cli, options);
  const lab = context.lab.name;
  await using _lock = await lockLab(context.files.lock, cli.pid);
  await using activity = showActivity(cli, `removing lab ${lab}`);
  const scope = runScopeOf(cli, options);
  const run = cli.terminal === undefined ? scope : { ...scope, progress: activity.waits };
  // Awaited here: the lock must not be given back while the lab is still being removed.
  const removed = await down(context, run, options.force === true);
  return { lab, removed };
}

async function planOne(cli: CliContext, options: DownOptions): Promise<OfLab> {
  const { openLab } = await import('../wire.ts');
  const { planDown } = await import('../../lab/down.ts');
  const { context } = await openLab(cli, options);
  const { signal } = runScopeOf(cli, options);
  return { lab: context.lab.name, removed: await planDown(context, signal, options.force === true) };
}

async function dryRun(cli: CliContext, options: DownOptions): Promise<number> {
  const { lab, removed } = await planOne(cli, options);
  if (options.output === 'json')
    cli.out(json({ schemaVersion: '1', kind: 'DownPlan', ...planMembers({ lab, removed }) }));
  else print(cli, planText(lab, removed));
  return EXIT.ok;
}

/** One lab after the other; the first that cannot be removed ends it, and the next run goes on there. */
async function removeAll(cli: CliContext, options: DownOptions): Promise<number> {
  const names = await namesOfAll(cli, options);
  const each = async (act: typeof removeOne): Promise<readonly OfLab[]> => {
    const done: OfLab[] = [];
    for (const name of names) done.push(await act(cli, { ...options, name }));
    return done;
  };
  if (options.dryRun === true) {
    const plans = await each(planOne);
    if (options.output === 'json')
      cli.out(json({ schemaVersion: '1', kind: 'DownPlans', plans: plans.map(planMembers) }));
    else print(cli, plans.map(({ lab, removed }) => planText(lab, removed)).join('') || NO_LABS);
    return EXIT.ok;
  }
  if (names.length > 0) await needConsent(cli, options, names);
  const reports = await each(removeOne);
  if (options.output === 'json')
    cli.out(json({ schemaVersion: '1', kind: 'DownReports', reports: reports.map(reportMembers) }));
  else print(cli, reports.map(({ lab, removed }) => asText(lab, removed)).join('') || NO_LABS);
  return exitOf(reports.map(({ removed }) => removed));
}

const NO_LABS = 'there are no labs: nothing to remove\n';

/** @throws MeshdevError USAGE where one lab is named too */
async function namesOfAll(cli: CliContext, { name }: DownOptions): Promise<readonly string[]> {
  const { MeshdevError } = await import('../../errors/meshdev-error.ts');
  if (name !== undefined)
    throw new MeshdevError('USAGE', {
      message: `removing labs: --all and --name ${name} exclude each other`,
      remedies: ['meshdev down --all', `meshdev down --name ${name}`],
    });
  const { labNames } = await import('../../lab/lost-labs.ts');
  const { pathsFrom } = await import('../../topology/paths.ts');
  return labNames(pathsFrom(cli.env, cli.home));
}

/** @throws MeshdevError CONSENT_NEEDED */
async function needConsent(cli: CliContext, options: DownOptions, names: readonly string[]): Promise<void> {
  const { askConsent } = await import('../consent.ts');
  const { MeshdevError } = await import('../../errors/meshdev-error.ts');
  const items = names.map((name) => ({
    what: `remove lab ${name}: its cluster, containers, volumes, networks and keys`,
  }));
  if (await askConsent(cli, options, items, cli.signal)) return;
  throw new MeshdevError('CONSENT_NEEDED', {
    message: `removing every lab: these changes need consent: ${items.map(({ what }) => what).join(' · ')}`,
    remedies: ['meshdev down --all --dry-run', 'meshdev down --all --yes'],
  });
}

function planText(lab: string, { engineSilent, ...removed }: Removed): string {
  const lines = linesOf(removed);
  const silent = engineSilent ? `${SILENT}: meshdev cannot tell whether it holds parts of the lab\n` : '';
  const what =
    lines.length === 0 ? `there is no lab ${lab}: nothing to remove\n` : `would remove lab ${lab}\n`;
  return `${engineSilent && lines.length === 0 ? '' : what}${lines.join('')}${silent}`;
}

function linesOf(removed: Omit<Removed, 'engineSilent'>): readonly string[] {
  return Object.entries(removed).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.length === 0 ? [] : [`  ${kind.padEnd(12)} ${names.toSorted().join(', ')}\n`],
  );
}

function planMembers({ lab, removed: { engineSilent, ...wouldRemove } }: OfLab) {
  return { lab, engineSilent, wouldRemove };
}

function reportMembers({ lab, removed: { engineSilent, ...removed } }: OfLab) {
  return { lab, engineSilent, removed };
}

function asText(lab: string, { engineSilent, ...removed }: Removed): string {
  const lines = linesOf(removed);
  if (lines.length === 0)
    return engineSilent
      ? `there is no lab ${lab} in the state directory, and ${SILENT} that could hold parts of it\n`
      : `there is no lab ${lab}: nothing to remove\n`;
  const rest = engineSilent
    ? `${SILENT}: containers, volumes and networks of the lab may still exist\n  run    meshdev engine start\n  run    meshdev down\n`
    : '';
  return `removed lab ${lab}\n${lines.join('')}${rest}`;
}
