import { it } from 'vitest';
import { createCluster } from '../../../src/cluster/kind.ts';
import { prepareGround } from './real-cluster.ts';

const PATIENCE_MS = 60 * 60_000;
const never = new AbortController().signal;

// Both mostly wait: kind asks three times for an image that is nowhere.
it.concurrent(
  'a creation that is stopped leaves no node, whenever that happens',
  async ({ expect }) => {
    const run = { signal: never, progress: () => undefined };
    await using ground = await prepareGround('meshtest', run);
    const { kind, spec, engine, lab } = ground;
    for (const afterMs of [100, 600, 3_000]) {
      const signal = AbortSignal.timeout(afterMs);
      await expect(createCluster(kind, spec, { ...run, signal })).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
      expect(await engine.containers.inspect(lab.cluster.node, never)).toBeUndefined();
    }
  },
  PATIENCE_MS,
);

it.concurrent('a creation that fails says what kind said, and leaves no node', async ({ expect }) => {
  const run = { signal: never, progress: () => undefined };
  await using ground = await prepareGround('meshtest-broken', run);
  const { kind, spec, engine, lab } = ground;
  const broken = { ...spec, nodeImage: 'meshdev.local/nonesuch:1' };
  await expect(createCluster(kind, broken, run)).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: expect.stringContaining('meshdev.local/nonesuch:1'),
  });
  expect(await engine.containers.inspect(lab.cluster.node, never)).toBeUndefined();
});
