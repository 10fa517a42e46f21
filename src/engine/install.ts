import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';

/** Questions of package scripts take their defaults. */
const QUIET = { DEBIAN_FRONTEND: 'noninteractive' };
/** Another apt may hold the lock on a fresh machine (unattended upgrades). */
const PATIENT = ['-o', 'DPkg::Lock::Timeout=120'];
const LIMIT_MS = 10 * 60_000;

/**
 * Installs Debian packages; idempotent.
 * @throws MeshdevError COMMAND_FAILED with apt's last lines.
 */
export async function installPackages(
  runner: ProcessRunner,
  packages: readonly string[],
  run: RunScope,
): Promise<void> {
  // An installation that was interrupted leaves packages half configured, and apt-get then refuses to go on.
  await runner.run('dpkg', ['--configure', '-a'], {
    env: QUIET,
    allowFailure: true,
    timeoutMs: LIMIT_MS,
    signal: run.signal,
  });
  await apt(runner, ['update'], run);
  await apt(runner, ['install', '-y', '--no-install-recommends', ...packages], run);
}

async function apt(runner: ProcessRunner, args: readonly string[], run: RunScope): Promise<void> {
  await runner.run('apt-get', [...PATIENT, '-q', ...args], {
    env: QUIET,
    timeoutMs: LIMIT_MS,
    onLine: (line) => run.progress(line),
    signal: run.signal,
  });
}
