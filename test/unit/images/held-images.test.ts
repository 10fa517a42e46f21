import { describe, expect, it } from 'vitest';
import { allHeldImages, heldImages } from '../../../src/images/packages/engine-images.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

const { signal } = new AbortController();
const LAB = 'meshdev.local/node:1';
const OTHERS = ['meshdev.local/service/orders:1', 'meshdev.local/fetched/node:1'];

const engine = createFakeEngine({
  images: [LAB, ...OTHERS, 'node:22'].map((tag) => ({ id: tag, tags: [tag], labels: {}, sizeBytes: 1 })),
});
const runner: ProcessRunner = {
  find: async () => 'docker',
  run: async (_command, args) => ({
    exitCode: 0,
    stdout: args.includes('reference=meshdev.local/service/*') ? [LAB, ...OTHERS, ''].join('\n') : `${LAB}\n`,
    stderr: '',
  }),
};
const matching = async (pattern: string): Promise<readonly string[]> =>
  (await engine.images.matching(pattern, signal)).flatMap(({ tags }) => tags);

describe.each([
  ['the engine', { runner, dockerHost: undefined, matching }],
  ['the docker command', { runner, dockerHost: undefined }],
])('images of meshdev, listed by %s', (_by, access) => {
  it('are those of labs', async () => {
    expect([...(await heldImages(access, signal))]).toEqual([LAB]);
  });

  it('are those of services too, where all are asked for', async () => {
    expect([...(await allHeldImages(access, signal))].toSorted()).toEqual([LAB, ...OTHERS].toSorted());
  });
});
