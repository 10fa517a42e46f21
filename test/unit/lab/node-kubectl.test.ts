import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { nodeKubectl } from '../../../src/lab/node-kubectl.ts';
import type { ExecSpec } from '../../../src/ports/container-engine.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeEngine, type FakeEngine } from '../../support/fake-engine.ts';
import type { FakeEngineOptions } from '../../support/fake-engine-options.ts';

const lab = createLab(DEFAULT_CHOICE);
const { signal } = new AbortController();
const ended = (exitCode: number, stdout = '', stderr = '') => ({
  exitCode,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});

async function engineWith(exec: NonNullable<FakeEngineOptions['exec']>, running = true): Promise<FakeEngine> {
  const engine = createFakeEngine({ images: [{ id: '1', tags: ['any:1'], labels: {}, sizeBytes: 1 }], exec });
  await engine.networks.ensure({ name: lab.network, labels: {}, ipv6: false }, signal);
  const spec = { name: lab.cluster.node, image: 'any:1', labels: {}, network: lab.network };
  await engine.containers.create(spec, signal);
  if (running) await engine.containers.start(lab.cluster.node, signal);
  return engine;
}

type Needed = Parameters<typeof nodeKubectl>[0];

const contextOf = (engine: FakeEngine): Needed => ({
  lab,
  engine: async () => engine,
  refuseForeign: async () => undefined,
});

function streams(stdin?: Readable) {
  const said = { out: '', err: '' };
  return {
    said,
    stdin,
    onStdout: (chunk: Buffer) => void (said.out += chunk.toString()),
    onStderr: (chunk: Buffer) => void (said.err += chunk.toString()),
  };
}

describe('kubectl in the node', () => {
  it('is asked with the node’s own kubeconfig; output and exit code are passed on', async () => {
    const asked: (readonly string[])[] = [];
    const engine = await engineWith((_, { argv }) => {
      asked.push(argv);
      return ended(7, 'pods\n', 'no such pod\n');
    });
    const to = streams();
    expect(await nodeKubectl(contextOf(engine), ['get', 'pods'], to, signal)).toBe(7);
    expect(asked).toEqual([['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', 'get', 'pods']]);
    expect(to.said).toEqual({ out: 'pods\n', err: 'no such pod\n' });
  });

  it('gets stdin where it reads one', async () => {
    const engine = await engineWith((_, { stdin }) => ended(0, String(stdin)));
    const to = streams(Readable.from(['kind: Pod\n']));
    await nodeKubectl(contextOf(engine), ['apply', '-f', '-'], to, signal);
    expect(to.said.out).toBe('kind: Pod\n');
    const without = streams();
    await nodeKubectl(contextOf(engine), ['get', 'pods'], without, signal);
    expect(without.said.out).toBe('undefined');
  });

  it('is not there while no node runs', async () => {
    const engine = await engineWith(() => ended(0), false);
    await expect(nodeKubectl(contextOf(engine), ['get'], streams(), signal)).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
      message: expect.stringContaining('container meshdev-demo-control-plane is created'),
      remedies: ['meshdev up'],
    });
  });

  it('is ended in the node, by its mark, when the run is stopped', async () => {
    const stop = new AbortController();
    const seen: ExecSpec[] = [];
    const engine = await engineWith(() => ended(0));
    const stopped = new MeshdevError('INTERRUPTED', { message: 'stopped on request' });
    const containers = {
      ...engine.containers,
      exec: async (_: string, spec: ExecSpec) => {
        seen.push(spec);
        if (spec.argv[0] !== 'kubectl') return ended(0);
        stop.abort();
        throw stopped;
      },
    };
    const context = { ...contextOf(engine), engine: async () => ({ ...engine, containers }) };
    await expect(nodeKubectl(context, ['logs', '-f', 'a'], streams(), stop.signal)).rejects.toBe(stopped);
    const [kubectl, end] = seen;
    const mark = Object.values(kubectl?.env ?? {});
    expect(end?.argv.slice(0, 2)).toEqual(['sh', '-c']);
    expect(end?.argv.at(-1)).toBe(mark[0]);
    expect(end?.argv[2]).toContain('MESHDEV_KUBECTL=$1');
  });

  it('is not looked for in the node when it failed by itself', async () => {
    const programs: (string | undefined)[] = [];
    const engine = await engineWith((_, { argv }) => {
      programs.push(argv[0]);
      throw new MeshdevError('ENGINE_CALL_FAILED', { message: 'gone' });
    });
    await expect(nodeKubectl(contextOf(engine), ['get'], streams(), signal)).rejects.toThrow('gone');
    expect(programs).toEqual(['kubectl']);
  });
});
