import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointOf } from '../../../../src/images/registry/endpoint.ts';
import { refused, unreachable } from '../../../../src/images/registry/failures.ts';
import type { RegistryClient } from '../../../../src/images/registry/client.ts';
import type { Images } from '../../../../src/ports/container-engine.ts';
import { BASE, project, type Project, run } from './project.ts';

let here: Project;
beforeEach(async () => {
  here = await project();
  await here.put('app/Dockerfile', 'FROM base:1\nCOPY main.js /\n');
  await here.put('app/main.js');
});
afterEach(() => here[Symbol.asyncDispose]());

const REFERENCE = /^meshdev\.local\/service\/orders:[0-9a-f]{16}$/;

async function keyNow(source: Parameters<Project['open']>[0][string] = {}): Promise<string> {
  return (await here.open({ orders: source }).survey(run.signal))[0]?.reference ?? 'none';
}

describe('a service that is built', () => {
  it('is surveyed without a change, built once, and then not again', async () => {
    const images = here.open({ orders: {} });
    const before = await images.survey(run.signal);
    expect(before).toEqual([
      {
        service: 'orders',
        reference: expect.stringMatching(REFERENCE),
        state: 'missing',
        because: expect.stringMatching(/^build \.\/app: 2 files, 1 kB, key [0-9a-f]{16}; not built yet$/),
        uses: ['base:1'],
      },
    ]);
    expect(here.calls).toEqual([]);
    const reference = before[0]?.reference ?? '';
    const made = await images.provide(run);
    expect(made).toMatchObject([
      { reference, state: 'ready', because: expect.stringContaining('the engine has it') },
    ]);
    expect((await here.engine.images.inspect(reference, run.signal))?.labels).toEqual({
      'dev.meshdev.managed-by': 'meshdev',
      'dev.meshdev.role': 'service-image',
      'dev.meshdev.service': 'orders',
    });
    expect(await images.provide(run)).toEqual(made);
    expect(here.calls).toEqual([`build ${reference}`]);
  });

  it.each<[string, () => Promise<void>, Parameters<typeof keyNow>[0]?]>([
    ['content', () => here.put('app/main.js', 'other')],
    ['a new file', () => here.put('app/new.js')],
    ['an executable bit', () => chmod(join(here.dir, 'app/main.js'), 0o755)],
    ['the Dockerfile', () => here.put('app/Dockerfile', 'FROM base:1\n')],
    ['an argument', async () => undefined, { args: { A: '1' } }],
    ['the base image', async () => here.engine.addImage({ ...BASE, id: `sha256:${'2'.repeat(64)}` })],
  ])('is another image after a change of %s', async (_what, change, source) => {
    const before = await keyNow();
    await change();
    expect(await keyNow(source)).not.toBe(before);
  });

  it('is the same image after a change of what is ignored', async () => {
    await here.put('app/.dockerignore', 'logs\n');
    const before = await keyNow();
    await here.put('app/logs/today');
    expect(await keyNow()).toBe(before);
    await here.put('app/Dockerfile.dockerignore', '');
    expect(await keyNow()).not.toBe(before);
  });

  it('may have its Dockerfile elsewhere, or ignored', async () => {
    await here.put('docker/api.Dockerfile', 'FROM base:1\nCOPY main.js /\n');
    const elsewhere = here.open({ orders: { dockerfile: '../docker/api.Dockerfile' } });
    expect(await elsewhere.provide(run)).toMatchObject([{ state: 'ready' }]);
    await here.put('app/.dockerignore', 'Dockerfile\n.dockerignore\n');
    expect(await here.open({ web: {} }).provide(run)).toMatchObject([{ state: 'ready' }]);
  });

  it('says what is not there', async () => {
    await expect(keyNow({ context: './none' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'services.orders.build: ./none is not a directory',
      remedies: ['ls -ld ./none', 'meshdev config validate'],
    });
    await expect(keyNow({ dockerfile: 'Other' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'services.orders.build: app/Other is not a file',
    });
  });

  it('says which line of a Dockerfile is wrong, without values of arguments', async () => {
    await here.put('app/Dockerfile', '# a comment\nFROM base:1 one\n');
    await expect(keyNow({ target: '0', args: { TOKEN: 'secret' } })).rejects.toMatchObject({
      code: 'SERVICE_BUILD_FAILED',
      message:
        'building the image of orders: app/Dockerfile:2 FROM base:1 one: expected FROM IMAGE [AS NAME]',
      remedies: [
        'docker build --file app/Dockerfile --target 0 --build-arg TOKEN --tag orders:dev ./app',
        'meshdev up',
      ],
    });
  });

  it('says which pattern cannot be read', async () => {
    await here.put('app/.dockerignore', '[a\n');
    await expect(keyNow()).rejects.toMatchObject({
      code: 'SERVICE_BUILD_FAILED',
      message: expect.stringContaining('app/.dockerignore the pattern [a has a "["'),
    });
  });

  it('says which step failed, and what it printed', async () => {
    await here.put('app/Dockerfile', '# a comment\nFROM base:1\n\nRUN false\n');
    const said: string[] = [];
    const images = here.open({ orders: {} });
    await expect(images.provide({ ...run, progress: (text) => said.push(text) })).rejects.toMatchObject({
      code: 'SERVICE_BUILD_FAILED',
      message:
        "building the image of orders: step 2 of 2, app/Dockerfile:4 RUN false: The command '/bin/sh -c false' returned a non-zero code: 1",
      remedies: ['docker build --file app/Dockerfile --tag orders:dev ./app', 'meshdev up'],
      details: { service: 'orders', step: 'step 2 of 2, app/Dockerfile:4 RUN false' },
    });
    expect(said).toEqual([
      'building orders · step 1 of 2 · FROM base:1',
      'building orders · step 2 of 2 · RUN false',
    ]);
    expect(await images.survey(run.signal)).toMatchObject([{ state: 'missing' }]);
  });

  it('is built beside one other, not more', async () => {
    let [now, most] = [0, 0];
    const slow: Images['build'] = async (spec, signal) => {
      now += 1;
      most = Math.max(most, now);
      await setImmediate();
      const end = await here.engine.images.build(spec, signal);
      now -= 1;
      return end;
    };
    const engine = { ...here.engine, images: { ...here.engine.images, build: slow } };
    const images = here.open({ a: {}, b: {}, c: {}, d: {} }, { engine: async () => engine });
    expect((await images.provide(run)).map(({ service, state }) => [service, state])).toEqual(
      ['a', 'b', 'c', 'd'].map((id) => [id, 'ready']),
    );
    expect(most).toBe(2);
  });
});

describe('a service with an image', () => {
  it('has a name by the id of the image, which is given once and moves with it', async () => {
    const images = here.open({ orders: { image: 'base:1' } });
    const reference = 'meshdev.local/service/orders:1111111111111111';
    const because = 'image base:1: in the engine, id 1111111111111111';
    const seen = { service: 'orders', reference, because, uses: ['base:1'] };
    expect(await images.survey(run.signal)).toEqual([{ ...seen, state: 'missing' }]);
    expect(await images.provide(run)).toEqual([{ ...seen, state: 'ready' }]);
    await images.provide(run);
    expect(here.calls).toEqual([`tag ${reference}`]);
    here.engine.addImage({ ...BASE, id: `sha256:${'2'.repeat(64)}` });
    expect(await images.provide(run)).toMatchObject([
      { reference: 'meshdev.local/service/orders:2222222222222222', state: 'ready' },
    ]);
  });

  const failing = (error: Error): RegistryClient => {
    const fail = async (): Promise<never> => {
      throw error;
    };
    return { manifest: fail, blob: fail };
  };
  const hub = endpointOf({ registry: 'docker.io', repository: 'team/x', tag: '1' }, {});

  it('that is nowhere names everything that needs it, and what was tried', async () => {
    await here.put('app/Dockerfile', 'FROM scratch\nFROM team/x:1\n');
    const { settled } = unreachable('pulling docker.io/team/x:1', 'it does not answer');
    const images = here.open(
      { orders: { image: 'team/x:1' }, web: {} },
      { outside: async () => ({ client: failing(settled) }) },
    );
    expect(await images.survey(run.signal)).toMatchObject([
      {
        reference: 'meshdev.local/service/orders:not-known-yet',
        because: 'image team/x:1: not in the engine',
      },
      {
        reference: 'meshdev.local/service/web:not-known-yet',
        because: 'build ./app: 2 files, 1 kB; its base image team/x:1 is not in the engine',
      },
    ]);
    await expect(images.provide(run)).rejects.toMatchObject({
      code: 'SERVICE_IMAGE_MISSING',
      message:
        'the image team/x:1 (services.orders.image, app/Dockerfile:2) is not in the engine, and it could not be pulled: pulling docker.io/team/x:1: it does not answer',
      remedies: [
        'docker pull team/x:1',
        'docker load --input FILE',
        'meshdev up --mirror registry.example.com',
      ],
      details: { image: 'team/x:1', services: ['orders', 'web'] },
    });
    expect(here.calls).toEqual([]);
  });

  it('that a registry refuses keeps the code and the remedy of that', async () => {
    const error = refused('pulling', { status: 401, endpoint: hub, whose: { known: false }, said: '' });
    const images = here.open(
      { orders: { image: 'team/x:1' } },
      { outside: async () => ({ client: failing(error) }) },
    );
    await expect(images.provide(run)).rejects.toMatchObject({
      code: 'REGISTRY_AUTH',
      remedies: ['docker login docker.io', 'meshdev up'],
    });
  });

  it('of a name that no registry has is not asked for', async () => {
    await expect(here.open({ orders: { image: 'meshdev.local/x:1' } }).provide(run)).rejects.toMatchObject({
      code: 'SERVICE_IMAGE_MISSING',
      message: expect.stringContaining('meshdev.local is not a registry'),
    });
  });
});

describe('images of services', () => {
  it('can be surveyed before there is an engine, and provided only with one', async () => {
    const images = here.open({ orders: {}, stock: { image: 'base:1' } }, { engine: async () => undefined });
    expect((await images.survey(run.signal)).map(({ state }) => state)).toEqual(['missing', 'missing']);
    await expect(images.provide(run)).rejects.toMatchObject({ code: 'ENGINE_NOT_FOUND' });
  });

  it('are only those of image and build', async () => {
    const images = here.open(
      {},
      {
        services: [
          { id: 'a', source: { kind: 'manifests', paths: ['./k8s'] } },
          { id: 'b', source: { kind: 'local', port: 1 } },
        ],
      },
    );
    expect(await images.provide(run)).toEqual([]);
    expect(await images.nodeImages(await images.survey(run.signal), run)).toEqual([]);
  });

  it('are not sent to a node before they are there', async () => {
    const images = here.open({ orders: {} });
    const surveyed = await images.survey(run.signal);
    await expect(images.nodeImages(surveyed, run)).rejects.toMatchObject({
      code: 'SERVICE_IMAGE_MISSING',
      message: expect.stringMatching(/orders is not in the engine: build \.\/app: .* not built yet/),
    });
  });
});
