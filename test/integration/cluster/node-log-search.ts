import { describe, expect, it } from 'vitest';
import { searchNodeLogs } from '../../../src/probe/exposure/node-log-search.ts';
import type { RealCluster } from './real-cluster.ts';

/** Files as the kubelet keeps them, of a pod that nobody runs. */
const POD = '/var/log/pods/searched_one_0000/app';
const AT = '2030-01-01T00:00:01Z stdout';
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

export function nodeLogSearchTests(cluster: () => RealCluster, signal: AbortSignal): void {
  const write = async (lines: readonly string[], file: string) => {
    const { engine, lab } = cluster();
    const argv = ['sh', '-ec', `mkdir -p ${POD}; cat >> ${POD}/${file}`];
    const { exitCode } = await engine.containers.exec(
      lab.cluster.node,
      { argv, stdin: `${lines.join('\n')}\n` },
      signal,
    );
    expect(exitCode).toBe(0);
  };
  const search = async (values: readonly string[], bytes = 1_000_000) => {
    const { engine, lab } = cluster();
    const found = await searchNodeLogs(engine, { node: lab.cluster.node, values, bytes, signal });
    return found.find(({ log }) => log !== 'journal' && log.namespace === 'searched');
  };

  describe('the search through the logs of pods', () => {
    it('hands over the lines that may hold a secret, whole, from before a rotation too, and no others', async () => {
      await write([`${AT} F GET /rotated/${TOKEN}`], '0.log.20300101-000001');
      await write(
        [
          `${AT} F GET /headers`,
          `${AT} P GET /broken/eyJhbG`,
          '2030-01-01T00:00:01Z stderr F meanwhile',
          `${AT} F ciOiJFUzI1NiJ9.e30.c2ln`,
          `${AT} F GET /%65yJhbGciOiJFUzI1NiJ9`,
          `${AT} F login with correct-horse`,
          `${AT} F GET /last`,
        ],
        '0.log',
      );
      const found = await search(['correct-horse']);
      expect(found?.lines.map(({ text }) => text)).toEqual([
        `GET /rotated/${TOKEN}`,
        'GET /broken/eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
        'GET /%65yJhbGciOiJFUzI1NiJ9',
        'login with correct-horse',
      ]);
      expect(found?.bytes).toBeGreaterThan(300);
    });

    it('reads the newest of a log that is longer, and says how much', async () => {
      const found = await search([], 170);
      expect(found?.bytes).toBeLessThan(170);
      expect(found?.lines.map(({ text }) => text)).toEqual(['GET /%65yJhbGciOiJFUzI1NiJ9']);
    });
  });
}
