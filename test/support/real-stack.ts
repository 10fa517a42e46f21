import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * What every test above unit stands on: a container engine that answers and the images of this
 * checkout, brought by meshdev itself. On a machine that has both this takes a second; on a bare
 * one it installs an engine and builds for many minutes, and says so as it goes.
 */
export default function setUpRealStack(): void {
  for (const args of [
    ['engine', 'start', '--yes'],
    // Tests meet the programs that this source builds; another one would be chosen where a registry answers.
    ['images', 'build', '--yes', '--image-source', 'packages'],
  ]) {
    const { status } = spawnSync(join('bin', 'meshdev'), args, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`bin/meshdev ${args.join(' ')} ended with ${status}`);
  }
}
