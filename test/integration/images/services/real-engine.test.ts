import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerodeEngine } from '../../../../src/adapters/dockerode-engine.ts';
import { createExecaRunner } from '../../../../src/adapters/execa-runner.ts';
import { socketEndpoint } from '../../../../src/engine/endpoint.ts';
import { loadIntoNode, missingInNode } from '../../../../src/images/node-load.ts';
import { writeImageLayout } from '../../../../src/images/packages/image-archive.ts';
import { layerAt } from '../../../../src/images/packages/layer.ts';
import { openServiceImages } from '../../../../src/images/services/service-images.ts';
import type { NodeImages } from '../../../../src/ports/image-source.ts';
import { waitUntil } from '../../../../src/run/wait-until.ts';
import { LABEL, labelsOf } from '../../../../src/topology/labels.ts';
import type { Service, ServiceSource } from '../../../../src/topology/service.ts';
import { makeContractImage } from '../../../support/contract-image.ts';
import { must } from '../../../support/e2e-program.ts';
import { DOCKER_ARCH } from '../../../support/registry/fill.ts';
import { type Registry, startRegistry } from '../../../support/registry/registry-server.ts';
import { clientWith } from '../registry-user.ts';
import { scope, temporaryDir } from '../workshop.ts';

// Builds in the real engine, pulls from a real registry, and loads into a real containerd. The services have names
// of their own, by which everything is removed.

const LAB = 'service-images-test';
const BASE = 'meshdev.local/service-images-test:base';
const PULLED = 'docker.io/library/service-images-test:1';
const engine = createDockerodeEngine(socketEndpoint('/var/run/docker.sock'));
// Of all tests of this file together.
const signal = AbortSignal.timeout(200_000);

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let base: AsyncDisposable | undefined;
let registry: Registry | undefined;

async function sweep(): Promise<void> {
  for (const { name } of await engine.containers.list({ [LABEL.lab]: LAB }, signal))
    await engine.containers.remove(name, signal);
  for (const pattern of [`meshdev.local/service/${LAB}-*`, `meshdev.local/fetched/${LAB}`, LAB])
    for (const { tags } of await engine.images.matching(pattern, signal))
      for (const tag of tags) await engine.images.remove(tag, signal);
  // Steps of builds that failed stay with the engine, without a name.
  for (const { id, tags } of await engine.images.list({ [LABEL.lab]: LAB }, signal))
    if (tags.length === 0) await engine.images.remove(id, signal);
}

beforeAll(async () => {
  await sweep();
  dir = await temporaryDir();
  base = await makeContractImage(createExecaRunner(env), BASE, labelsOf(LAB, 'base'), signal);
  registry = await startRegistry(await layoutOf(PULLED), dir.path);
});
afterAll(async () => {
  await sweep();
  await base?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

/** An image of one file that nobody else has. */
async function layoutOf(name: string): Promise<string> {
  await put('pulled.txt', `only of ${dir.path}`);
  const layer = join(dir.path, 'pulled.tar');
  await must('tar', ['-C', dir.path, '-cf', layer, 'pulled.txt']);
  const layout = join(dir.path, 'layout');
  await writeImageLayout(
    layout,
    [{ name, layers: [await layerAt(layer)], config: { cmd: ['/none'] } }],
    DOCKER_ARCH,
  );
  return layout;
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir.path, path)), { recursive: true });
  await writeFile(join(dir.path, path), text);
}

const built = (context: string, more: Partial<Extract<ServiceSource, { kind: 'build' }>> = {}) => ({
  kind: 'build' as const,
  context,
  args: {},
  ...more,
});

function open(sources: Readonly<Record<string, ServiceSource>>) {
  const services = Object.entries(sources).map(([id, source]): Pick<Service, 'id' | 'source'> => ({
    id: `${LAB}-${id}`,
    source,
  }));
  return openServiceImages({
    services,
    projectDir: dir.path,
    engine: async () => engine,
    settings: { mirror: { '*': registry?.address ?? '' }, profile: 'stock', downloads: '' },
    cacheDir: join(dir.path, 'cache'),
    stateDir: join(dir.path, 'state'),
    outside: async () => ({ client: clientWith(20_000) }),
  });
}

/** Reads a file out of an image, without running it. */
async function fileIn(image: string, path: string): Promise<string | undefined> {
  const labels = labelsOf(LAB, 'look');
  const id = await engine.containers.create(
    { name: `${LAB}-look`, image, labels, network: 'bridge', command: ['/none'] },
    signal,
  );
  try {
    return (await engine.containers.readFile(id, path, signal))?.toString('utf8');
  } finally {
    await engine.containers.remove(id, signal);
  }
}

const idOf = async (reference: string): Promise<string | undefined> =>
  (await engine.images.inspect(reference, signal))?.id;

/** One of each kind: an image by its name, a build, and a build on a base that is named by its digest. */
async function portableSources(): Promise<Readonly<Record<string, ServiceSource>>> {
  const digest = await pulledDigest();
  await put('plain/Dockerfile', `FROM ${LAB}:1\nCOPY plain.txt /\n`);
  await put('plain/plain.txt', 'plain');
  await put('digest/Dockerfile', `FROM ${LAB}@${digest}\nCOPY digest.txt /\n`);
  await put('digest/digest.txt', 'digest');
  return {
    image: { kind: 'image', image: `${LAB}:1` },
    plain: built('./plain'),
    digest: built('./digest'),
  };
}

/** Of PULLED, as the registry says it. */
async function pulledDigest(): Promise<string> {
  const manifest = await fetch(`http://${registry?.address}/v2/library/${LAB}/manifests/1`, {
    headers: { Accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  return manifest.headers.get('docker-content-digest') ?? '';
}

describe('a service that is built by the real engine', () => {
  it('has the files of its context, and none that is ignored; an unchanged one is not built again', async () => {
    await put(
      'app/Dockerfile',
      `ARG BASE\nFROM \${BASE}\nARG TARGETARCH\nENV ARCH=\${TARGETARCH}\nCOPY . /app/\n`,
    );
    await put('app/run.sh', 'run');
    await chmod(join(dir.path, 'app/run.sh'), 0o755);
    await put('app/logs/today', 'secret');
    await put('app/.dockerignore', 'logs\nDockerfile\n.dockerignore\n');
    await symlink('run.sh', join(dir.path, 'app/link'));
    const images = open({ app: built('./app', { args: { BASE } }) });
    const [made] = await images.provide(scope());
    const reference = made?.reference ?? '';
    expect(await fileIn(reference, '/app/run.sh')).toBe('run');
    for (const left of ['logs/today', 'Dockerfile', '.dockerignore', '.meshdev.dockerfile'])
      expect(await fileIn(reference, `/app/${left}`)).toBeUndefined();
    const config = await must('docker', ['image', 'inspect', '--format', '{{json .Config}}', reference]);
    expect(config).toContain(`ARCH=${DOCKER_ARCH}`);
    expect(config).toContain('"dev.meshdev.role":"service-image"');
    const listing = await must('sh', [
      '-c',
      `docker save ${reference} | tar -xO --wildcards '*/layer.tar' | tar -tv --ignore-zeros`,
    ]);
    expect(listing).toMatch(/-rwxr-xr-x root\/root +3 1970-01-01 .* app\/run\.sh/);
    expect(listing).toMatch(/app\/link -> run\.sh/);

    const id = await idOf(reference);
    const again = scope();
    expect(await images.provide(again)).toEqual([made]);
    expect(again.said).toEqual([]);
    expect(await idOf(reference)).toBe(id);
    await put('app/logs/tomorrow', 'secret');
    expect(await images.provide(scope())).toMatchObject([{ reference }]);
    await put('app/run.sh', 'run faster');
    const [changed] = await images.provide(scope());
    expect(changed?.reference).not.toBe(reference);
    expect(await fileIn(changed?.reference ?? '', '/app/run.sh')).toBe('run faster');
  });

  it('keeps the files that its .dockerignore keeps, with a Dockerfile that is sent beside them', async () => {
    await put('side/Dockerfile', `FROM --platform=$BUILDPLATFORM ${BASE} AS one\nCOPY . /side/\nFROM one\n`);
    await put('side/.dockerignore', 'none\n');
    const [made] = await open({ side: built('./side') }).provide(scope());
    const reference = made?.reference ?? '';
    expect(await fileIn(reference, '/side/Dockerfile')).toContain('--platform=$BUILDPLATFORM');
    expect(await fileIn(reference, '/side/.dockerignore')).toContain('none');
    expect(await fileIn(reference, '/side/.meshdev.dockerfile')).toBeUndefined();
  });

  it('that fails says the line and the last output, redacted, and leaves no image', async () => {
    await put(
      'bad/Dockerfile',
      `FROM ${BASE}\n# fails\nRUN ["/bin/say", "before"]\nRUN ["/bin/cat", "/nothing"]\n`,
    );
    const images = open({ bad: built('./bad') });
    const steps = scope();
    await expect(images.provide(steps)).rejects.toMatchObject({
      code: 'SERVICE_BUILD_FAILED',
      message: expect.stringMatching(
        /^building the image of service-images-test-bad: step 3 of \d+, bad\/Dockerfile:4 RUN \["\/bin\/cat", "\/nothing"\]: The command '\/bin\/cat \/nothing' returned a non-zero code: 1\n[^]*open \/nothing: no such file/,
      ),
      remedies: [
        expect.stringMatching(/^docker build --file bad\/Dockerfile --tag \S+:dev \.\/bad$/),
        'meshdev up',
      ],
    });
    expect(steps.said.some((line) => /step 2 of \d+ · RUN/.test(line))).toBe(true);
    expect(await images.survey(signal)).toMatchObject([{ state: 'missing' }]);
    expect(await engine.images.matching(`meshdev.local/service/${LAB}-bad`, signal)).toEqual([]);
    const left = (await engine.images.list({ [LABEL.lab]: LAB }, signal)).flatMap(({ tags }) => tags);
    expect(left.filter((tag) => tag !== BASE && !tag.includes('/service/'))).toEqual([]);
    const lines = Array.from({ length: 5 }, (_, index) => `line ${index + 1}`);
    await put('bad/log', [...lines, 'password=hunter2', ''].join('\n'));
    await put('bad/Dockerfile', `FROM ${BASE}\nCOPY log /\nRUN ["/bin/cat", "/log", "/nothing"]\n`);
    const failure: unknown = await images.provide(scope()).catch((error: unknown) => error);
    for (const line of [
      'line 1',
      'line 5',
      'password=[redacted]',
      'open /nothing: no such file or directory',
    ])
      expect(String(failure).split('\n')).toContain(`  ${line}`);
    expect(String(failure).split('\n')).toHaveLength(8);
    expect(String(failure)).not.toMatch(/hunter2|intermediate|--->/);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    await put('bad/Dockerfile', `FROM ${BASE}\nFRMO x\n`);
    await expect(images.provide(scope())).rejects.toMatchObject({
      code: 'SERVICE_BUILD_FAILED',
      message: expect.stringMatching(/unknown instruction: FRMO/i),
    });
  });

  it('is built by BuildKit where its Dockerfile needs that, with the same messages', async () => {
    const mount = '--mount=type=cache,target=/cache';
    await put(
      'kit/Dockerfile',
      `FROM --platform=$BUILDPLATFORM ${BASE}\nARG TARGETARCH\nENV ARCH=$TARGETARCH\nRUN ${mount} ["/bin/say", "${dir.path}"]\nCOPY . /kit/\n`,
    );
    await put('kit/.dockerignore', 'logs\n');
    await put('kit/logs/today', 'secret');
    const steps = scope();
    const [made] = await open({ kit: built('./kit') }).provide(steps);
    const reference = made?.reference ?? '';
    expect(steps.said.some((line) => line.includes(`step 2 of 3 · RUN ${mount}`))).toBe(true);
    expect(await fileIn(reference, '/kit/Dockerfile')).toContain(mount);
    for (const left of ['logs/today', '.meshdev.dockerfile'])
      expect(await fileIn(reference, `/kit/${left}`)).toBeUndefined();
    const config = await must('docker', ['image', 'inspect', '--format', '{{json .Config}}', reference]);
    expect(config).toContain(`ARCH=${DOCKER_ARCH}`);
    expect(config).toContain('"dev.meshdev.role":"service-image"');

    await put('kit/Dockerfile', `FROM ${BASE}\n# fails\nRUN ${mount} ["/bin/cat", "/nothing"]\n`);
    await expect(open({ kit: built('./kit') }).provide(scope())).rejects.toMatchObject({
      code: 'SERVICE_BUILD_FAILED',
      message: expect.stringMatching(
        /^building the image of service-images-test-kit: step 2 of 2, kit\/Dockerfile:3 RUN --mount\S+ \["\/bin\/cat", "\/nothing"\]: .*exit code: 1\n[^]*open \/nothing: no such file/,
      ),
    });
    await put('kit/.dockerignore', 'logs\nDockerfile\n');
    await put('kit/Dockerfile', `FROM ${BASE}\nRUN ${mount} ["/bin/say", "ignored"]\n`);
    expect(await open({ kit: built('./kit') }).provide(scope())).toMatchObject([{ state: 'ready' }]);
  });

  it('is stopped with the signal', async () => {
    await put('slow/Dockerfile', `FROM ${BASE}\nRUN ["/bin/sleep", "${LAB}"]\n`);
    const stop = new AbortController();
    const said = (line: string): void => void (/step 2 of/.test(line) && stop.abort());
    const images = open({ slow: built('./slow') });
    await expect(images.provide({ signal: stop.signal, progress: said })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(await images.survey(signal)).toMatchObject([{ state: 'missing' }]);
  });
});

describe('an image that the engine lacks', () => {
  it('is pulled, recorded, and not asked for again', async () => {
    const images = open({ pulled: { kind: 'image', image: `${LAB}:1` } });
    expect(await images.survey(signal)).toMatchObject([{ state: 'missing' }]);
    const [made] = await images.provide(scope());
    expect(made).toMatchObject({ state: 'ready', reference: expect.stringMatching(/-pulled:[0-9a-f]{16}$/) });
    expect(await fileIn(made?.reference ?? '', '/pulled.txt')).toBe(`only of ${dir.path}`);
    await registry?.fault({ kind: 'status', path: '', status: 500 });
    expect(await images.provide(scope())).toEqual([made]);
    await engine.images.remove(made?.reference ?? '', signal);
    await engine.images.remove(`${LAB}:1`, signal);
    // What was pulled stays in the cache, under the digest of the lock.
    expect(await images.provide(scope())).toEqual([made]);
    await registry?.fault(undefined);
  });

  it('is the base of a build by its digest, under whichever name the engine has it', async () => {
    const digest = await pulledDigest();
    await put(
      'pinned/Dockerfile',
      `FROM ${LAB}@${digest} AS one\nFROM scratch\nCOPY --from=one /pulled.txt /\n`,
    );
    const [made] = await open({ pinned: built('./pinned') }).provide(scope());
    expect(await fileIn(made?.reference ?? '', '/pulled.txt')).toBe(`only of ${dir.path}`);
  });

  it('and no registry has is SERVICE_IMAGE_MISSING', async () => {
    await put('lost/Dockerfile', `FROM ${LAB}:2\n`);
    await expect(open({ lost: built('./lost') }).provide(scope())).rejects.toMatchObject({
      code: 'SERVICE_IMAGE_MISSING',
      message: expect.stringMatching(
        /\(lost\/Dockerfile:1\) is not in the engine, .* has no library\/service-images-test \(2\)/,
      ),
      remedies: [`docker pull ${LAB}:2`, 'docker load --input FILE', expect.stringContaining('--mirror')],
    });
  });
});

describe('the images of services', () => {
  it('are ready where all that is portable was loaded, without a build and a registry', async () => {
    const sources = await portableSources();
    const images = open(sources);
    const names = await images.portable(scope());
    expect(names.filter((name) => name.includes('@'))).toEqual([]);
    const ready = await images.survey(signal);
    expect(ready.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    const archive = join(dir.path, 'portable.tar');
    await must('docker', ['save', '--output', archive, ...names]);
    const found = await must('docker', ['images', '--quiet', LAB]);
    await must('docker', ['image', 'rm', '--force', ...names, ...new Set(found.trim().split('\n'))]);
    expect((await images.survey(signal)).map(({ state }) => state)).toEqual([
      'missing',
      'missing',
      'missing',
    ]);
    await must('docker', ['load', '--input', archive]);
    expect(await images.survey(signal)).toEqual(ready);
  });

  it('reach a node, are compared by digest there, and are exported once', async () => {
    const nodeImages = await engine.images.matching('meshdev.local/node', signal);
    const nodeImage = nodeImages[0]?.tags[0] ?? 'none';
    const node = `${LAB}-node`;
    // A containerd of its own, without a cluster around it.
    await engine.containers.create(
      {
        name: node,
        image: nodeImage,
        labels: labelsOf(LAB, 'node'),
        network: 'bridge',
        entrypoint: ['containerd'],
      },
      signal,
    );
    await engine.containers.start(node, signal);
    await waitUntil(
      async () => {
        const { exitCode, stderr } = await engine.containers.exec(node, { argv: ['ctr', 'version'] }, signal);
        return exitCode === 0 ? { done: true } : { seen: stderr.toString() };
      },
      { what: 'containerd to answer', timeoutMs: 20_000, intervalMs: 100, signal },
    );
    await put('one/Dockerfile', `FROM ${BASE}\nCOPY one.txt /\n`);
    await put('one/one.txt', `one of ${dir.path}`);
    const images = open({ one: built('./one'), two: { kind: 'image', image: BASE } });
    await images.provide(scope());
    const archives = await images.nodeImages(await images.survey(signal), scope());
    expect(archives.map((one) => one.images.length)).toEqual([1, 1]);
    for (const archive of archives) await loadIntoNode(engine, node, archive, scope());
    const all = archives.flatMap((one) => one.images);
    expect(await missingInNode(engine, node, all, signal)).toEqual([]);

    const recorded = await images.nodeImages(await images.survey(signal), scope());
    expect(recorded.flatMap((one) => one.images)).toEqual(all);
    // An archive of a record is the same as one of an export.
    const [first] = all;
    await engine.containers.exec(
      node,
      { argv: ['ctr', '--namespace', 'k8s.io', 'images', 'rm', '--sync', first?.name ?? ''] },
      signal,
    );
    expect(await missingInNode(engine, node, all, signal)).toHaveLength(1);
    for (const archive of recorded) await loadIntoNode(engine, node, archive, scope());
    expect(await missingInNode(engine, node, all, signal)).toEqual([]);
    expect(bytesOf(archives)).toBeGreaterThan(1_000_000);
  });
});

function bytesOf(archives: readonly NodeImages[]): number {
  return archives.reduce((sum, { bytes }) => sum + bytes, 0);
}
