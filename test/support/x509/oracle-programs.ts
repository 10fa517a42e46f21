import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GO_FLOOR } from '../../../src/versions.ts';
import { testCache } from '../test-cache.ts';
import { mustRun, runProgram } from './run-program.ts';

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

/** `certtool` of GnuTLS, and where its libraries are when they are not those of the machine. */
export interface Certtool {
  readonly program: string;
  readonly libraries?: string;
}

/**
 * That of the machine; else Debian’s package and what it needs, unpacked beside: the machine stays as it is.
 * @throws Error where neither can be had
 */
export async function findCerttool(): Promise<Certtool> {
  const own = await runProgram('certtool', ['--version']).catch(() => undefined);
  if (own?.code === 0) return { program: 'certtool' };
  const folder = testCache('gnutls-bin');
  const program = join(folder, 'usr/bin/certtool');
  if (!(await exists(program))) await unpackDebian('gnutls-bin', folder);
  const [libraries] = await readdir(join(folder, 'usr/lib')).catch(() => []);
  const certtool = { program, libraries: join(folder, 'usr/lib', libraries ?? '') };
  await mustRun(program, ['--version'], { env: { LD_LIBRARY_PATH: certtool.libraries } });
  return certtool;
}

async function unpackDebian(name: string, folder: string): Promise<void> {
  const archives = join(folder, 'archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  const options = [
    '-o',
    'Debug::NoLocking=1',
    '-o',
    `Dir::Cache::archives=${archives}/`,
    '--no-install-recommends',
  ];
  const download = ['install', '-y', '-q', '--download-only', ...options, name];
  try {
    // The package index of the machine may be missing or too old.
    if ((await runProgram('apt-get', download)).code !== 0) {
      await mustRun('apt-get', ['-q', 'update']);
      await mustRun('apt-get', download);
    }
    const packages = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
    for (const file of packages) await mustRun('dpkg-deb', ['-x', join(archives, file), folder]);
  } catch (cause) {
    throw new Error(
      'path validation is compared with GnuTLS: put its certtool on PATH (apt-get install -y gnutls-bin)',
      { cause },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
