import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerHostOf } from '../../../src/engine/endpoint.ts';
import { engineCandidates, findEngine, type Pinger } from '../../../src/engine/find-engine.ts';

const signal = AbortSignal.timeout(60_000);

/** Only the engines named here answer; others are silent for the reason given. */
const answering =
  (hosts: readonly string[], code = 'ENOENT'): Pinger =>
  async (endpoint) =>
    hosts.includes(dockerHostOf(endpoint))
      ? { kind: 'answers', version: '28.1.0' }
      : { kind: 'silent', code, seen: `${dockerHostOf(endpoint)}: ${code}` };

describe('engineCandidates', () => {
  const around = { platform: 'linux', env: {}, home: '/home/a', uid: 1000 };

  it('follows DOCKER_HOST before a context, and a context before the usual sockets', () => {
    const context = { name: 'far', host: 'tcp://far:2375', tlsDir: undefined };
    expect(engineCandidates({ ...around, env: { DOCKER_HOST: 'unix:///x' } }, context)).toMatchObject({
      kind: 'told',
      by: 'DOCKER_HOST',
    });
    expect(engineCandidates(around, context)).toMatchObject({ kind: 'told', by: 'the docker context far' });
    expect(engineCandidates(around, undefined)).toMatchObject({ kind: 'usual' });
  });

  it('cannot use ssh', () => {
    const told = engineCandidates({ ...around, env: { DOCKER_HOST: 'ssh://far' } }, undefined);
    expect(told).toEqual({ kind: 'unusable', by: 'DOCKER_HOST', value: 'ssh://far' });
  });
});

describe('findEngine', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'meshdev-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const around = (env: Record<string, string> = {}) => ({ platform: 'linux', env, home, uid: 1000 });

  const useContext = async (name: string, host: string): Promise<void> => {
    const meta = join(home, '.docker/contexts/meta', createHash('sha256').update(name).digest('hex'));
    await mkdir(meta, { recursive: true });
    await writeFile(
      join(meta, 'meta.json'),
      JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
    );
    await writeFile(join(home, '.docker/config.json'), JSON.stringify({ currentContext: name }));
  };

  it('takes the first usual socket that answers, and says which', async () => {
    const found = await findEngine(around(), signal, answering([`unix://${home}/.rd/docker.sock`]));
    expect(found).toMatchObject({ version: '28.1.0', because: expect.stringContaining('Rancher Desktop') });
  });

  it('finds nothing where nothing is', async () => {
    expect(await findEngine(around(), signal, answering([]))).toBeUndefined();
  });

  it('follows the current context of the docker CLI', async () => {
    await useContext('colima', 'unix:///c/docker.sock');
    const found = await findEngine(around(), signal, answering(['unix:///c/docker.sock']));
    expect(found).toMatchObject({
      endpoint: { path: '/c/docker.sock' },
      because: 'the docker context colima is unix:///c/docker.sock',
    });
  });

  it('does not go on to other engines when the one it was told of is silent', async () => {
    await useContext('colima', 'unix:///c/docker.sock');
    await expect(
      findEngine(around(), signal, answering(['unix:///var/run/docker.sock'])),
    ).rejects.toMatchObject({
      code: 'ENGINE_NOT_FOUND',
      remedies: expect.arrayContaining(['docker context use default']),
    });
    await expect(
      findEngine(around({ DOCKER_HOST: 'tcp://far:1' }), signal, answering([])),
    ).rejects.toMatchObject({
      code: 'ENGINE_NOT_FOUND',
      message: expect.stringContaining('tcp://far:1'),
      remedies: expect.arrayContaining(['unset DOCKER_HOST']),
    });
  });

  it('names a context whose files are gone', async () => {
    await mkdir(join(home, '.docker'));
    await writeFile(join(home, '.docker/config.json'), '{"currentContext":"lost"}');
    await expect(findEngine(around(), signal, answering([]))).rejects.toMatchObject({
      message: expect.stringContaining('context lost'),
    });
  });

  it('survives a configuration file that is not JSON', async () => {
    await mkdir(join(home, '.docker'));
    await writeFile(join(home, '.docker/config.json'), '{');
    expect(await findEngine(around(), signal, answering([]))).toBeUndefined();
  });

  it('says how to be let in where a socket is closed to this user', async () => {
    await expect(findEngine(around(), signal, answering([], 'EACCES'))).rejects.toMatchObject({
      code: 'ENGINE_NOT_FOUND',
      remedies: [expect.stringContaining('usermod -aG docker')],
    });
  });
});
