import { describeFix, diagnose, type Diagnosis, fixesOf } from '../doctor/diagnose.ts';
import type { Fix } from '../doctor/finding.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { gatherFacts } from '../host/facts/gather.ts';
import { setMode, setSysctl } from '../host/repairs.ts';
import { down } from '../lab/down.ts';
import { labNames, labsOnEngine, lostLabs, readLabSeen } from '../lab/lost-labs.ts';
import { lockLab } from '../lab/lab-lock.ts';
import type { LabContext } from '../lab/lab-context.ts';
import type { RunScope } from '../run/run-scope.ts';
import { throwIfAborted } from '../run/wait-until.ts';
import { labPaths } from '../topology/paths.ts';
import { askConsent } from './consent.ts';
import type { CliContext } from './cli-context.ts';
import type { CommonOptions } from './options.ts';
import { meshdevVersion } from './package-version.ts';
import { repeatFlags } from './remedies.ts';
import { openLab } from './wire.ts';

/** What can be known of this machine within the deadline, judged. */
export async function examine(
  cli: CliContext,
  context: LabContext,
  options: CommonOptions,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { lab, paths, files, engines, runner } = context;
  const names = await labNames(paths);
  const facts = await gatherFacts({
    lab,
    paths,
    runner,
    platform: cli.platform,
    arch: cli.arch,
    nodeVersion: cli.nodeVersion,
    uid: cli.uid,
    reachEngine: (deadline) => context.reachEngine(deadline),
    planEngine: (deadline) => engines.plan(deadline),
    roots: { own: files.edgeRoot, all: names.map((name) => labPaths(paths, name).edgeRoot) },
    readLab: () => readLabSeen(files),
    readLost: (containers, networks, volumes) => lostLabs(labsOnEngine(containers, networks, volumes), paths),
    signal,
  });
  throwIfAborted(signal);
  const version = await meshdevVersion(cli.packageDir);
  return withFlags(diagnose(facts, { lab, paths, env: cli.env, version }), options);
}

/** Remedies that work verbatim: they are about the lab that this command was asked about. Pure. */
export function withFlags(
  { findings, ...rest }: Diagnosis,
  { name, config, domain, httpsPort }: Partial<CommonOptions>,
): Diagnosis {
  const given = { '--name': name, '--config': config, '--domain': domain, '--https-port': httpsPort };
  const argv = Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return {
    ...rest,
    findings: findings.map((finding) => ({
      ...finding,
      remedies: repeatFlags(finding.remedies, ['doctor', ...argv]),
    })),
  };
}

/**
 * Makes the changes that are safe, after consent to all of them.
 * @returns what was changed, in words
 * @throws MeshdevError CONSENT_NEEDED, before the first change
 */
export async function repair(
  cli: CliContext,
  options: CommonOptions,
  diagnosis: Diagnosis,
  run: RunScope,
): Promise<readonly string[]> {
  const fixes = fixesOf(diagnosis, cli.uid);
  const words = fixes.map(describeFix);
  if (fixes.length === 0) return [];
  const items = words.map((what) => ({ what }));
  if (!(await askConsent(cli, options, items, run.signal)))
    throw new MeshdevError('CONSENT_NEEDED', {
      message: `repairing this machine: these changes need consent: ${words.join(' · ')}`,
      remedies: ['meshdev doctor --fix --yes'],
    });
  for (const fix of fixes) {
    throwIfAborted(run.signal);
    run.progress(describeFix(fix));
    await applyFix(cli, fix, run);
  }
  return words;
}

async function applyFix(cli: CliContext, fix: Fix, run: RunScope): Promise<void> {
  switch (fix.kind) {
    case 'sysctl':
      return setSysctl(fix.key, fix.value);
    case 'chmod':
      return setMode(fix.path, fix.mode);
    case 'remove-lab': {
      const { context } = await openLab(cli, { name: fix.lab }, true);
      await using _lock = await lockLab(context.files.lock, cli.pid);
      // `down` looks again whether its state directory is lost, and refuses when it is not.
      await down(context, run, true);
    }
  }
}
