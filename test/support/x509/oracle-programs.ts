import { join } from 'node:path';
import { GO_FLOOR } from '../../../src/versions.ts';
import { type DebianProgram, debianProgram } from '../debian-program.ts';
import { mustRun } from './run-program.ts';

const SOURCE = join(import.meta.dirname, 'oracle');

/**
 * Builds the program that asks Go’s crypto/x509.
 * @throws Error where Go is missing: a comparison without it would prove less than it says
 */
export async function buildGoOracle(folder: string): Promise<string> {
  const program = join(folder, 'oracle');
  await goRun(['build', '-buildvcs=false', '-o', program, '.'], SOURCE);
  return program;
}

/** Runs `go` as it is installed, and no other version that it would fetch. */
export async function goRun(argv: readonly string[], cwd: string): Promise<string> {
  try {
    return await mustRun('go', argv, { cwd, env: { GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' } });
  } catch (cause) {
    throw new Error(`path validation is compared with Go's, which needs Go ${GO_FLOOR} or newer on PATH`, {
      cause,
    });
  }
}

/**
 * `certtool` of GnuTLS.
 * @throws Error where it cannot be had
 */
export function findCerttool(): Promise<DebianProgram> {
  return debianProgram('gnutls-bin', 'certtool');
}
