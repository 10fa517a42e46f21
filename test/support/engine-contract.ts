import { PassThrough, Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { ContainerEngine, ContainerSpec } from '../../src/ports/container-engine.ts';
import type { BuildSpec } from '../../src/ports/image-build.ts';
import { LABEL, labelsOf } from '../../src/topology/labels.ts';

/** Role in the labels of the image under test. */
export const CONTRACT_IMAGE = 'contract-image';

export interface ContractSubject {
  readonly engine: ContainerEngine;
  /** An image with `cat` and `sleep` whose default command does not end by itself. */
  readonly image: string;
  /** Prefix of all names, so that what else runs on the machine is left alone. */
  readonly prefix: string;
}

/** What every container engine behind the port does; run over the fake and over the real adapter. */
export function engineContract(subject: () => ContractSubject): void {
  const signal = AbortSignal.timeout(120_000);
  const name = (of: string): string => `${subject().prefix}-${of}`;
  const labels = (): Record<string, string> => labelsOf(subject().prefix, 'contract');
  const container = (of: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
    name: name(of),
    image: subject().image,
    labels: labels(),
    network: name('net'),
    ...more,
  });
  const engine = (): ContainerEngine => subject().engine;
  const network = () =>
    engine().networks.ensure({ name: name('net'), labels: labels(), ipv6: false }, signal);
  const running = async (of: string, more: Partial<ContainerSpec> = {}): Promise<string> => {
    await network();
    const id = await engine().containers.create(container(of, more), signal);
    await engine().containers.start(id, signal);
    return id;
  };

  afterEach(async () => {
    const { containers, networks, volumes } = engine();
    for (const one of await containers.list(labels(), signal)) await containers.remove(one.id, signal);
    for (const one of await networks.list(labels(), signal)) await networks.remove(one.id, signal);
    for (const one of await volumes.list(labels(), signal)) await volumes.remove(one.name, signal);
  });

  describe('containers', () => {
    it('are created, started, stopped and removed, and each of these may be repeated', async () => {
      const { containers } = engine();
      await network();
      const id = await containers.create(container('life', { aliases: ['life.example'] }), signal);
      expect(await containers.inspect(name('life'), signal)).toMatchObject({
        id,
        state: 'created',
        image: subject().image,
      });

      await containers.start(id, signal);
      await containers.start(id, signal);
      const up = await containers.inspect(id, signal);
      expect(up).toMatchObject({ name: name('life'), state: 'running', health: 'none', labels: labels() });
      expect(up?.networks).toHaveLength(1);
      expect(up?.networks[0]).toMatchObject({
        network: name('net'),
        address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      });
      expect(up?.networks[0]?.aliases).toContain('life.example');

      await containers.stop(id, 0, signal);
      await containers.stop(id, 0, signal);
      expect((await containers.inspect(id, signal))?.state).toBe('exited');

      await containers.remove(id, signal);
      await containers.remove(id, signal);
      expect(await containers.inspect(id, signal)).toBeUndefined();
    });

    it('are paused and resumed, and each of these may be repeated', async () => {
      const { containers } = engine();
      const id = await running('frozen');
      await containers.pause(id, signal);
      await containers.pause(id, signal);
      expect((await containers.inspect(id, signal))?.state).toBe('paused');
      await expect(containers.start(id, signal)).rejects.toMatchObject({ code: 'ENGINE_CALL_FAILED' });
      for (const _ of [1, 2]) await containers.unpause(id, signal);
      expect((await containers.inspect(id, signal))?.state).toBe('running');
      await containers.stop(id, 0, signal);
      await expect(containers.pause(id, signal)).rejects.toMatchObject({ code: 'ENGINE_CALL_FAILED' });
    });

    it('are stopped and removed while they are paused', async () => {
      const { containers } = engine();
      const stopped = await running('one');
      await containers.pause(stopped, signal);
      await containers.stop(stopped, 0, signal);
      expect((await containers.inspect(stopped, signal))?.state).toBe('exited');
      await containers.start(stopped, signal);
      await containers.pause(stopped, signal);
      await containers.remove(stopped, signal);
      expect(await containers.inspect(stopped, signal)).toBeUndefined();
    });

    it('are removed while they run', async () => {
      const id = await running('busy');
      await engine().containers.remove(id, signal);
      expect(await engine().containers.inspect(id, signal)).toBeUndefined();
    });

    it('are listed by label, running or not', async () => {
      await running('one');
      await engine().containers.create(container('two', { labels: { ...labels(), extra: 'yes' } }), signal);
      const all = await engine().containers.list(labels(), signal);
      expect(all.map((one) => one.name).toSorted()).toEqual([name('one'), name('two')]);
      const some = await engine().containers.list({ ...labels(), extra: 'yes' }, signal);
      expect(some.map((one) => one.name)).toEqual([name('two')]);
    });

    it('show their published ports whether they run or not', async () => {
      const ports = [
        { hostAddress: '127.0.0.1', hostPort: 17_391, containerPort: 8080, protocol: 'tcp' as const },
      ];
      const id = await running('ports', { ports });
      expect((await engine().containers.inspect(id, signal))?.ports).toEqual(ports);
      await engine().containers.stop(id, 0, signal);
      expect((await engine().containers.inspect(id, signal))?.ports).toEqual(ports);
    });

    it('refuse a second one of the same name, and say whose it is', async () => {
      await network();
      await engine().containers.create(container('twin'), signal);
      await expect(engine().containers.create(container('twin'), signal)).rejects.toMatchObject({
        code: 'ENGINE_CALL_FAILED',
      });
      await engine().containers.remove(name('twin'), signal);
      // Said outright: what a container is not labelled with, it inherits from its image.
      await engine().containers.create(
        container('twin', { labels: { [LABEL.managedBy]: 'somebody' } }),
        signal,
      );
      await expect(engine().containers.create(container('twin'), signal)).rejects.toMatchObject({
        code: 'LAB_FOREIGN',
      });
      await engine().containers.remove(name('twin'), signal);
    });

    it('need an image that is there', async () => {
      await network();
      const missing = container('imageless', { image: 'meshdev.local/nothing:there' });
      await expect(engine().containers.create(missing, signal)).rejects.toMatchObject({
        code: 'ENGINE_CALL_FAILED',
        details: { status: 404 },
      });
    });

    it('join and leave further networks', async () => {
      const id = await running('mobile');
      await engine().networks.ensure({ name: name('other'), labels: labels(), ipv6: false }, signal);
      await engine().containers.connect(id, name('other'), ['there.example'], signal);
      const there = (await engine().containers.inspect(id, signal))?.networks.find(
        (place) => place.network === name('other'),
      );
      expect(there?.aliases).toContain('there.example');
      await engine().containers.disconnect(id, name('other'), signal);
      await engine().containers.disconnect(id, name('other'), signal);
      expect((await engine().containers.inspect(id, signal))?.networks.map((place) => place.network)).toEqual(
        [name('net')],
      );
    });
  });

  describe('files and programs', () => {
    const binary = Buffer.from([0, 1, 2, 0x0a, 0xff, 0xfe, 0x80, 0]);

    it('come into a container before its first start, bytes untouched', async () => {
      const { containers } = engine();
      await network();
      const id = await containers.create(container('files'), signal);
      await containers.putFiles(id, [{ path: '/etc/deep/er/key.bin', mode: 0o600, content: binary }], signal);
      expect(await containers.readFile(id, '/etc/deep/er/key.bin', signal)).toEqual(binary);
      await containers.start(id, signal);
      const read = await containers.exec(id, { argv: ['cat', '/etc/deep/er/key.bin'] }, signal);
      expect(read).toEqual({ exitCode: 0, stdout: binary, stderr: Buffer.alloc(0) });
    });

    it('that do not exist are undefined', async () => {
      const id = await running('nofile');
      expect(await engine().containers.readFile(id, '/nothing', signal)).toBeUndefined();
      expect(await engine().containers.readFile(name('nobody'), '/nothing', signal)).toBeUndefined();
    });

    it('get input to its end and give output, bytes untouched', async () => {
      const id = await running('stdin');
      const large = Buffer.alloc(300_000, binary);
      const result = await engine().containers.exec(id, { argv: ['cat'], stdin: large }, signal);
      expect(result.exitCode).toBe(0);
      expect(result.stdout.equals(large)).toBe(true);
    });

    it('get a stream as input, and end with the failure of its source', async () => {
      const id = await running('stream');
      const chunks = Array.from({ length: 40 }, () => binary);
      const whole = await engine().containers.exec(
        id,
        { argv: ['cat'], stdin: Readable.from(chunks) },
        signal,
      );
      expect(whole.stdout.equals(Buffer.concat(chunks))).toBe(true);
      const broken = Readable.from(failing());
      await expect(engine().containers.exec(id, { argv: ['cat'], stdin: broken }, signal)).rejects.toThrow(
        /source is gone/,
      );
    });

    it('hand over their output as it comes, when they are asked to', async () => {
      const id = await running('heard');
      const input = new PassThrough();
      const heard: string[] = [];
      const ended = engine().containers.exec(
        id,
        { argv: ['cat'], stdin: input, onStdout: (chunk) => heard.push(chunk.toString()) },
        signal,
      );
      input.end('said');
      expect(await ended).toMatchObject({ exitCode: 0, stdout: Buffer.alloc(0) });
      expect(heard.join('')).toBe('said');
    });

    it('hand over what they say on stderr as it comes, when they are asked to', async () => {
      const id = await running('complains');
      const heard: string[] = [];
      const ended = await engine().containers.exec(
        id,
        { argv: ['cat', '/nothing'], onStderr: (chunk) => heard.push(chunk.toString()) },
        signal,
      );
      expect(ended).toMatchObject({ exitCode: 1, stderr: Buffer.alloc(0) });
      expect(heard.join('')).toContain('/nothing');
    });

    it('that fail give their exit code and what they said', async () => {
      const id = await running('fails');
      const result = await engine().containers.exec(id, { argv: ['cat', '/nothing'] }, signal);
      expect(result.exitCode).toBe(1);
      expect(result.stderr.toString()).toContain('/nothing');
    });

    it('do not run in a container that does not run', async () => {
      await network();
      const id = await engine().containers.create(container('asleep'), signal);
      await expect(engine().containers.exec(id, { argv: ['cat'] }, signal)).rejects.toMatchObject({
        code: 'ENGINE_CALL_FAILED',
        details: { status: 409 },
      });
    });
  });

  describe('networks and volumes', () => {
    it('are made once, kept, listed by label, removed', async () => {
      const first = await network();
      expect(await network()).toEqual(first);
      expect(first).toMatchObject({ name: name('net'), labels: labels(), ipv6: false, containers: [] });
      expect((await engine().networks.list(labels(), signal)).map((one) => one.name)).toEqual([name('net')]);
      await engine().networks.remove(name('net'), signal);
      await engine().networks.remove(name('net'), signal);
      expect(await engine().networks.inspect(name('net'), signal)).toBeUndefined();

      const volume = { name: name('vol'), labels: labels() };
      expect(await engine().volumes.ensure(volume, signal)).toEqual(volume);
      expect(await engine().volumes.ensure({ ...volume, labels: {} }, signal)).toEqual(volume);
      expect(await engine().volumes.list(labels(), signal)).toEqual([volume]);
      const { volumes } = await engine().diskUsage(signal);
      expect(volumes.get(volume.name)).toBeGreaterThanOrEqual(0);
      await engine().volumes.remove(volume.name, signal);
      await engine().volumes.remove(volume.name, signal);
      expect(await engine().volumes.inspect(volume.name, signal)).toBeUndefined();
    });

    it('know who is in a network, and refuse to go while somebody is', async () => {
      await running('member');
      expect((await engine().networks.inspect(name('net'), signal))?.containers).toEqual([name('member')]);
      await expect(engine().networks.remove(name('net'), signal)).rejects.toMatchObject({
        code: 'ENGINE_CALL_FAILED',
      });
    });

    it('are mounted by name', async () => {
      await engine().volumes.ensure({ name: name('data'), labels: labels() }, signal);
      const id = await running('mounted', { volumes: [{ name: name('data'), target: '/data' }] });
      expect((await engine().containers.inspect(id, signal))?.mounts).toEqual([
        { kind: 'volume', source: name('data'), target: '/data', readOnly: false },
      ]);
    });
  });

  describe('every call', () => {
    it('ends with INTERRUPTED once the signal has fired', async () => {
      const fired = AbortSignal.abort();
      const { containers, networks, images } = engine();
      await expect(engine().info(fired)).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await expect(containers.list(labels(), fired)).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await expect(networks.inspect(name('net'), fired)).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await expect(images.inspect(subject().image, fired)).rejects.toMatchObject({ code: 'INTERRUPTED' });
      const tagged = images.tag(subject().image, subject().image, fired);
      await expect(tagged).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });

  describe('images', () => {
    const built = (of: string): string => `meshdev.local/contract/${subject().prefix}:${of}`;
    const spec = async (of: string, files: Readonly<Record<string, string>>): Promise<BuildSpec> => ({
      reference: built(of),
      context: archive(files),
      dockerfile: 'Dockerfile',
      builder: 'classic',
      args: {},
      labels: labels(),
      onOutput: () => undefined,
      timeoutMs: 60_000,
    });
    afterEach(async () => {
      for (const of of ['one', 'two']) await engine().images.remove(built(of), signal);
    });

    it('are built from an archive, and say what they do', async () => {
      const said: string[] = [];
      const files = { Dockerfile: `FROM ${subject().image}\nCOPY hello /hello\n`, hello: subject().prefix };
      const built1 = await engine().images.build(
        { ...(await spec('one', files)), onOutput: (text) => said.push(text) },
        signal,
      );
      expect(built1).toEqual({ kind: 'built' });
      expect(said.join('')).toMatch(/Step 1\/\d+ : FROM [^]*Step 2\/\d+ : COPY hello \/hello/);
      const image = await engine().images.inspect(built('one'), signal);
      expect(image).toMatchObject({ tags: [built('one')], labels: labels() });
      expect((await engine().images.list(labels(), signal)).map(({ id }) => id)).toEqual([image?.id]);
    });

    it('of which a step fails are a result with the words of the engine, and get no name', async () => {
      const files = { Dockerfile: `FROM ${subject().image}\nCOPY missing /hello\n` };
      const end = await engine().images.build(await spec('one', files), signal);
      expect(end).toMatchObject({ kind: 'failed', because: expect.stringContaining('missing') });
      expect(await engine().images.inspect(built('one'), signal)).toBeUndefined();
    });

    it('whose Dockerfile cannot be parsed are the same result', async () => {
      const end = await engine().images.build(await spec('one', { Dockerfile: 'FRMO scratch\n' }), signal);
      expect(end).toMatchObject({
        kind: 'failed',
        because: expect.stringMatching(/unknown instruction: FRMO/i),
      });
    });

    it('whose archive breaks off end with its failure', async () => {
      const broken = { ...(await spec('one', {})), context: Readable.from(failing()) };
      await expect(engine().images.build(broken, signal)).rejects.toThrow(/source is gone/);
      expect(await engine().images.inspect(built('one'), signal)).toBeUndefined();
    });

    it('get further names, which may be repeated and moved, and need an image', async () => {
      const { images } = engine();
      await images.tag(subject().image, built('two'), signal);
      await images.tag(subject().image, built('two'), signal);
      const id = (await images.inspect(subject().image, signal))?.id;
      expect((await images.inspect(built('two'), signal))?.id).toBe(id);
      await images.build(
        await spec('one', { Dockerfile: `FROM ${subject().image}\nCMD ["/none"]\n` }),
        signal,
      );
      await images.tag(built('one'), built('two'), signal);
      expect((await images.inspect(built('two'), signal))?.id).not.toBe(id);
      expect(await images.inspect(subject().image, signal)).toMatchObject({ id });
      await expect(images.tag('meshdev.local/nothing:there', built('two'), signal)).rejects.toMatchObject({
        code: 'ENGINE_CALL_FAILED',
        details: { status: 404 },
      });
    });
  });

  it('images are found by reference and by label', async () => {
    const image = await engine().images.inspect(subject().image, signal);
    expect(image?.tags).toContain(subject().image);
    expect(await engine().images.inspect('meshdev.local/nothing:there', signal)).toBeUndefined();
    expect(
      (await engine().images.list(labelsOf(subject().prefix, CONTRACT_IMAGE), signal)).map((one) => one.id),
    ).toEqual([image?.id]);
  });
}

function archive(files: Readonly<Record<string, string>>): Readable {
  const made = pack();
  for (const [name, text] of Object.entries(files)) made.entry({ name }, text);
  made.finalize();
  return Readable.from(made, { objectMode: false });
}

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('first');
  throw new Error('the source is gone');
}
