import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessRunner } from '../../src/ports/process-runner.ts';

/**
 * Makes a small image from test/support/contract-image and gives its reference; it has `cat`, `say`,
 * `mode` and, as its default command, `sleep`. Removed when disposed.
 */
export async function makeContractImage(
  runner: ProcessRunner,
  reference: string,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const work = await mkdtemp(join(tmpdir(), 'contract-image-'));
  const bin = join(work, 'root', 'bin');
  await mkdir(bin, { recursive: true });
  const source = join(import.meta.dirname, 'contract-image', 'main.go');
  await runner.run('go', ['build', '-trimpath', '-o', join(bin, 'sleep'), source], {
    env: { CGO_ENABLED: '0' },
    signal,
  });
  for (const name of ['cat', 'say', 'mode']) await symlink('sleep', join(bin, name));
  await runner.run('tar', ['-C', join(work, 'root'), '-cf', join(work, 'root.tar'), '.'], { signal });
  const changes = [
    'CMD ["/bin/sleep"]',
    'ENV PATH=/bin',
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
  ];
  await runner.run(
    'docker',
    ['import', ...changes.flatMap((change) => ['--change', change]), join(work, 'root.tar'), reference],
    { signal },
  );
  return {
    [Symbol.asyncDispose]: async () => {
      await runner.run('docker', ['image', 'rm', reference], { allowFailure: true, signal });
      await rm(work, { recursive: true, force: true });
    },
  };
}
