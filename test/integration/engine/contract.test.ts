import { env } from 'node:process';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerodeEngine } from '../../../src/adapters/dockerode-engine.ts';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';
import { socketEndpoint } from '../../../src/engine/endpoint.ts';
import type { ContainerSpec } from '../../../src/ports/container-engine.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { LABEL, labelsOf } from '../../../src/topology/labels.ts';
import { makeContractImage } from '../../support/contract-image.ts';
import { CONTRACT_IMAGE, engineContract } from '../../support/engine-contract.ts';

const prefix = 'contract-real';
const image = 'meshdev.local/contract:real';
const engine = createDockerodeEngine(socketEndpoint('/var/run/docker.sock'));
// Of all tests of this file together.
const signal = AbortSignal.timeout(200_000);
let contractImage: AsyncDisposable | undefined;

/** What a run that was killed left behind: its names are the ones that this run wants. */
async function sweep(): Promise<void> {
  const left = { [LABEL.lab]: prefix };
  for (const { id } of await engine.containers.list(left, signal)) await engine.containers.remove(id, signal);
  for (const { name } of await engine.networks.list(left, signal)) await engine.networks.remove(name, signal);
  for (const { name } of await engine.volumes.list(left, signal)) await engine.volumes.remove(name, signal);
  for (const { id } of await engine.images.list(left, signal)) await engine.images.remove(id, signal);
}

beforeAll(async () => {
  await sweep();
  contractImage = await makeContractImage(
    createExecaRunner(env),
    image,
    labelsOf(prefix, CONTRACT_IMAGE),
    signal,
  );
});
afterAll(async () => contractImage?.[Symbol.asyncDispose]());

describe('Docker behind the adapter keeps the contract of the port', () => {
  engineContract(() => ({ engine, image, prefix }));
});

describe('Docker behind the adapter', () => {
  const labels = labelsOf(prefix, 'own');
  const spec = (name: string, more: Partial<ContainerSpec>): ContainerSpec => ({
    name: `${prefix}-${name}`,
    image,
    labels,
    network: 'bridge',
    ...more,
  });
  const start = async (made: ContainerSpec): Promise<string> => {
    const id = await engine.containers.create(made, signal);
    await engine.containers.start(id, signal);
    return id;
  };
  const ended = (id: string) =>
    waitUntil(
      async () => {
        const seen = await engine.containers.inspect(id, signal);
        return seen?.state === 'exited' ? { done: seen } : { seen: seen?.state ?? 'gone' };
      },
      { what: 'the container to end', timeoutMs: 20_000, intervalMs: 50, signal },
    );
  afterAll(async () => {
    for (const one of await engine.containers.list(labels, signal))
      await engine.containers.remove(one.id, signal);
  });

  it('says what it is', async () => {
    const info = await engine.info(signal);
    expect(info.version).toMatch(/^\d+\.\d+/);
    expect(info).toMatchObject({ osType: 'linux', arch: expect.stringMatching(/x86_64|aarch64/) });
    expect(info.cpus).toBeGreaterThan(0);
    expect(Math.abs(Date.parse(info.systemTime) - Date.now())).toBeLessThan(5_000);
  });

  it('keeps the modes of files that were put', async () => {
    const id = await start(spec('modes', {}));
    await engine.containers.putFiles(
      id,
      [
        { path: '/var/keys', mode: 0o700 },
        { path: '/var/keys/tls.key', mode: 0o600, content: 'secret' },
      ],
      signal,
    );
    const mode = async (path: string) =>
      (await engine.containers.exec(id, { argv: ['/bin/mode', path] }, signal)).stdout.toString();
    expect(await mode('/var/keys')).toBe('700');
    expect(await mode('/var/keys/tls.key')).toBe('600');
  });

  it('gives the log by line, with stream and time, also of lines longer than its frames', async () => {
    const long = 'x'.repeat(40_000);
    const id = await start(spec('log', { command: ['/bin/say', 'first', '!second', long, 'last'] }));
    await ended(id);
    const lines = await engine.containers.logs(id, {}, signal);
    expect(lines.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'first'],
      ['stderr', 'second'],
      ['stdout', long],
      ['stdout', 'last'],
    ]);
    const since = new Date(Date.parse(lines[3]?.at ?? '') - 1);
    expect((await engine.containers.logs(id, { since }, signal)).map((line) => line.text)).toEqual(['last']);
    expect((await engine.containers.logs(id, { tail: 1 }, signal)).map((line) => line.text)).toEqual([
      'last',
    ]);
    expect(await engine.containers.logs(`${prefix}-nobody`, {}, signal)).toEqual([]);
  });

  it('follows a log to its end, or until it is told to stop', async () => {
    const long = 'x'.repeat(40_000);
    const said = await start(spec('followed', { command: ['/bin/say', 'first', '!second', long, 'last'] }));
    const follow = async (id: string, tail: number, stop: AbortSignal): Promise<readonly string[]> => {
      const lines: string[] = [];
      await engine.containers.followLogs(
        id,
        { since: new Date(0), tail, onLine: (line) => lines.push(line) },
        stop,
      );
      return lines;
    };
    expect((await follow(said, 100, signal)).toSorted()).toEqual(['first', 'last', 'second', long]);
    await ended(said);
    // The long line has three entries.
    expect((await follow(said, 5, signal)).toSorted()).toEqual(['last', 'second', long]);
    expect(await follow(`${prefix}-nobody`, 100, signal)).toEqual([]);
    const running = await start(spec('followed-on', {}));
    await expect(follow(running, 100, AbortSignal.timeout(300))).rejects.toThrow(/stopped|abort/i);
  });

  it('reports the exit code of what ended', async () => {
    const id = await start(spec('exit', { command: ['/bin/cat', '/nothing'] }));
    expect(await ended(id)).toMatchObject({ exitCode: 1, outOfMemory: false });
  });

  it('starts anew what failed where that is wanted, counts it, and leaves what was stopped', async () => {
    const restart = 'on-failure';
    const failing = await start(spec('failing', { restart, command: ['/bin/cat', '/nothing'] }));
    await waitUntil(
      async () => {
        const restarts = (await engine.containers.inspect(failing, signal))?.restarts ?? 0;
        return restarts >= 2 ? { done: true } : { seen: `${restarts} restarts` };
      },
      { what: 'the engine to start it anew', timeoutMs: 20_000, intervalMs: 100, signal },
    );
    await engine.containers.stop(failing, 1, signal);
    expect((await engine.containers.inspect(failing, signal))?.state).toBe('exited');
    const fine = await start(spec('fine', { restart }));
    await engine.containers.stop(fine, 1, signal);
    expect(await engine.containers.inspect(fine, signal)).toMatchObject({ state: 'exited', restarts: 0 });
  });

  it('runs privileged programs, which restricted hosts need the thin runtime for', async () => {
    const id = await start(spec('privileged', {}));
    const result = await engine.containers.exec(
      id,
      { argv: ['/bin/cat', '/proc/self/status'], privileged: true },
      signal,
    );
    expect(result.exitCode).toBe(0);
    expect(result.stdout.toString()).toMatch(/^CapEff:\s+[0-9a-f]*[1-9a-f]/m);
  });

  it('gives up on a program at its deadline and when asked to', async () => {
    const id = await start(spec('patience', {}));
    const began = performance.now();
    await expect(
      engine.containers.exec(id, { argv: ['/bin/sleep'], timeoutMs: 300 }, signal),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await expect(
      engine.containers.exec(id, { argv: ['/bin/sleep'] }, AbortSignal.timeout(300)),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(
      engine.containers.exec(id, { argv: ['/bin/cat'], stdin: 'x', timeoutMs: 5_000 }, signal),
    ).resolves.toMatchObject({ exitCode: 0 });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  const builders = ['classic', 'buildkit'] as const;

  it.each(builders)('ends a build of %s that is stopped, and leaves no container of it', async (builder) => {
    const context = pack();
    context.entry({ name: 'Dockerfile' }, `FROM ${image}\nRUN ["/bin/sleep", "${prefix}"]\n`);
    context.finalize();
    const stop = new AbortController();
    const reference = 'meshdev.local/contract/stopped:real';
    const stopped = engine.images.build(
      {
        reference,
        context: Readable.from(context, { objectMode: false }),
        dockerfile: 'Dockerfile',
        args: {},
        labels,
        builder,
        onOutput: (text) => void (/Running in|\] RUN/.test(text) && stop.abort()),
        timeoutMs: 60_000,
      },
      AbortSignal.any([stop.signal, signal]),
    );
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await waitUntil(
      async () => {
        const all = await engine.containers.list({ [LABEL.lab]: prefix }, signal);
        // Those of steps have the labels of the image that they run on.
        const left = all.filter((one) => one.labels[LABEL.role] === CONTRACT_IMAGE);
        return left.length === 0 ? { done: left } : { seen: left.map(({ name }) => name).join() };
      },
      { what: 'the container of the build to go', timeoutMs: 20_000, intervalMs: 50, signal },
    );
    expect(await engine.images.inspect(reference, signal)).toBeUndefined();
  });

  it.each(builders)(
    'builds with %s: arguments, target, labels, output, and a step that fails',
    async (builder) => {
      const reference = `meshdev.local/contract/${builder}:real`;
      const said: string[] = [];
      const build = (dockerfile: string, target?: string) => {
        const context = pack();
        context.entry({ name: 'Dockerfile' }, dockerfile);
        context.finalize();
        return engine.images.build(
          {
            reference,
            context: Readable.from(context, { objectMode: false }),
            dockerfile: 'Dockerfile',
            builder,
            args: { WORD: 'given' },
            labels,
            onOutput: (text) => said.push(text),
            timeoutMs: 60_000,
            ...(target === undefined ? {} : { target }),
          },
          signal,
        );
      };
      const mount = builder === 'buildkit' ? '--mount=type=cache,target=/cache ' : '';
      const stages = `FROM ${image} AS one\nARG WORD\nRUN ${mount}["/bin/say", "said ${Date.now()}"]\nENV A=$WORD\n`;
      expect(await build(`${stages}FROM scratch\nCOPY nothing /\n`, 'one')).toEqual({ kind: 'built' });
      expect(said.join('')).toMatch(/RUN [^]*\nsaid \d+\n/);
      expect((await engine.images.inspect(reference, signal))?.labels).toMatchObject(labels);
      const docker = createExecaRunner(env);
      const format = ['image', 'inspect', '--format', '{{.Config.Env}}', reference];
      expect((await docker.run('docker', format, { signal })).stdout).toContain('A=given');
      await engine.images.remove(reference, signal);

      const end = await build(`FROM ${image}\nRUN ["/bin/cat", "/nothing"]\n`);
      expect(end).toMatchObject({
        kind: 'failed',
        because: expect.stringMatching(/exit code|non-zero code/),
      });
      const step = builder === 'buildkit' ? '[2/2] RUN ["/bin/cat", "/nothing"]' : undefined;
      expect(end).toMatchObject(step === undefined ? {} : { step });
      expect(said.join('')).toContain('open /nothing: no such file');
      expect(await build('FRMO x\n')).toMatchObject({
        because: expect.stringMatching(/unknown instruction: FRMO/i),
      });
      expect(await engine.images.inspect(reference, signal)).toBeUndefined();
    },
  );

  it('publishes ports where it was told to', async () => {
    // Below the ports that the kernel hands out: no client of another test can have it.
    const ports = [
      { hostAddress: '127.0.0.1', hostPort: 17_392, containerPort: 80, protocol: 'tcp' as const },
    ];
    const first = await start(spec('port', { ports }));
    expect((await engine.containers.inspect(first, signal))?.ports).toEqual(ports);
    const second = await engine.containers.create(spec('port-too', { ports }), signal);
    await expect(engine.containers.start(second, signal)).rejects.toMatchObject({
      code: 'ENGINE_CALL_FAILED',
      message: expect.stringContaining('17392'),
    });
  });
});

describe('an engine that is not there', () => {
  it('is ENGINE_NOT_FOUND with the command that starts it', async () => {
    const nowhere = createDockerodeEngine(socketEndpoint('/nowhere/docker.sock'));
    await expect(nowhere.info(signal)).rejects.toMatchObject({
      code: 'ENGINE_NOT_FOUND',
      message: expect.stringContaining('unix:///nowhere/docker.sock'),
      remedies: ['meshdev engine start'],
    });
  });
});
