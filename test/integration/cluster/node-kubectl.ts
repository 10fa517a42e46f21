import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { nodeKubectl } from '../../../src/lab/node-kubectl.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import type { RealCluster } from './real-cluster.ts';

const { signal } = new AbortController();

const POD = `apiVersion: v1
kind: ConfigMap
metadata: { name: from-stdin, namespace: default }
`;

/** The kubectl that is in the node, through the engine. @param real the cluster, once it is there */
export function nodeKubectlTests(real: () => RealCluster): void {
  const run = async (args: readonly string[], stdin?: Readable, stop = signal) => {
    const said = { out: '', err: '' };
    const { lab, engine } = real();
    const context = { lab, engine: async () => engine, refuseForeign: async () => undefined };
    const streams = {
      stdin,
      onStdout: (chunk: Buffer) => void (said.out += chunk.toString()),
      onStderr: (chunk: Buffer) => void (said.err += chunk.toString()),
    };
    return { exitCode: await nodeKubectl(context, args, streams, stop), ...said };
  };

  describe('kubectl in the node', () => {
    it('answers, and fails with its own code and words', async () => {
      const nodes = await run(['get', 'nodes', '-o', 'name']);
      expect(nodes).toEqual({ exitCode: 0, out: `node/${real().lab.cluster.node}\n`, err: '' });
      const missing = await run(['get', 'pod', 'nothing']);
      expect(missing).toMatchObject({ exitCode: 1, out: '' });
      expect(missing.err).toContain('pods "nothing" not found');
    });

    it('reads an object from stdin', async () => {
      expect(await run(['apply', '-f', '-'], Readable.from([POD]))).toMatchObject({
        exitCode: 0,
        out: 'configmap/from-stdin created\n',
      });
    });

    it('is gone from the node when the run is stopped', async () => {
      const stop = new AbortController();
      const watching = run(['get', 'configmaps', '--watch'], undefined, stop.signal);
      await seen(1);
      stop.abort();
      await expect(watching).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await seen(0);
    });
  });

  /** Waits until so many watch. */
  async function seen(count: number): Promise<void> {
    const { engine, lab } = real();
    const script = 'grep -lsa MESHDEV_KUBECTL= /proc/[0-9]*/environ | wc -l';
    await waitUntil(
      async () => {
        const { stdout } = await engine.containers.exec(
          lab.cluster.node,
          { argv: ['sh', '-c', script] },
          signal,
        );
        const now = Number(stdout.toString());
        return now === count ? { done: true } : { seen: `${now} watch` };
      },
      { what: `${count} kubectl to watch`, timeoutMs: 20_000, intervalMs: 200, signal },
    );
  }
}
