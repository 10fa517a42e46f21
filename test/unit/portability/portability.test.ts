import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDockerHost } from '../../../src/engine/endpoint.ts';
import { engineProblem, isRootless } from '../../../src/engine/engine-fit.ts';
import { diskIsHere } from '../../../src/engine/engine-place.ts';
import { engineCandidates, findEngine } from '../../../src/engine/find-engine.ts';
import { hostKind, isOnWindowsDrive } from '../../../src/engine/host-kind.ts';
import { enginePlatform, hostPlatform } from '../../../src/engine/platform.ts';
import { usualSockets } from '../../../src/engine/usual-sockets.ts';
import { pathsFrom } from '../../../src/topology/paths.ts';
import { MACHINES } from './machines.ts';

/** Without the padding that Markdown tables need. */
const DOCS = (await readFile(join(import.meta.dirname, '../../../docs/platforms.md'), 'utf8')).replaceAll(
  / +\|/g,
  ' |',
);

describe.for(MACHINES)('on $name', (machine) => {
  const { platform, engine, wants } = machine;

  it('meshdev knows what it runs on, and for what programs and images are', () => {
    expect(hostKind(platform, machine.kernel)).toBe(wants.kind);
    expect(hostPlatform(platform, machine.arch)).toBe(wants.tools);
    expect(enginePlatform(engine)).toBe(wants.images);
  });

  it('its engine is found where nothing else answers', async () => {
    const found = await findEngine(
      { ...machine, home: machine.home },
      AbortSignal.timeout(4_000),
      async (endpoint) =>
        endpoint.kind === 'socket' && endpoint.path === wants.socket
          ? { kind: 'answers', version: engine.version }
          : { kind: 'silent', code: 'ENOENT', seen: 'nothing' },
    );
    expect(found).toMatchObject({
      endpoint: { kind: 'socket', path: wants.socket },
      version: engine.version,
    });
  });

  it('its engine can run a lab', () => {
    expect(engineProblem(engine)).toBeUndefined();
    expect(isRootless(engine)).toBe(wants.rootless);
  });

  it('room is measured only where the engine keeps its data', () => {
    expect(diskIsHere(platform, { kind: 'socket', path: wants.socket }, engine)).toBe(wants.diskIsHere);
    expect(diskIsHere(platform, { kind: 'tcp', host: 'far', port: 2375 }, engine)).toBe(false);
  });

  it('files go to one place, below home', () => {
    expect(pathsFrom(machine.env, machine.home)).toEqual({
      cacheDir: `${machine.home}/.cache/meshdev`,
      stateDir: `${machine.home}/.local/state/meshdev`,
    });
  });

  it('is on the page of platforms', () => {
    const row = DOCS.split('\n').find((line) => line.startsWith(`| ${machine.name} |`));
    expect(row).toContain(`| ${wants.tools} | ${wants.images} |`);
    expect(row).toContain(basename(wants.socket));
  });
});

describe('directories', () => {
  it('are where XDG says, unless that is empty or relative', () => {
    expect(pathsFrom({ XDG_CACHE_HOME: '/fast', XDG_STATE_HOME: '/safe' }, '/home/a')).toEqual({
      cacheDir: '/fast/meshdev',
      stateDir: '/safe/meshdev',
    });
    expect(pathsFrom({ XDG_CACHE_HOME: '', XDG_STATE_HOME: 'here' }, '/home/a')).toEqual({
      cacheDir: '/home/a/.cache/meshdev',
      stateDir: '/home/a/.local/state/meshdev',
    });
  });

  it.for([
    ['/mnt/c/Users/ana', true],
    ['/mnt/d', true],
    ['/mnt/data/ana', false],
    ['/home/mnt/c/x', false],
  ] as const)('%s is a drive of Windows: %s', ([path, is]) => {
    expect(isOnWindowsDrive(path)).toBe(is);
  });
});

describe('kinds of machine', () => {
  it.for([
    ['linux', '4.4.0-19041-Microsoft', 'wsl'],
    ['linux', '5.15.167.4-microsoft-standard-WSL2', 'wsl'],
    ['win32', '10.0.26200', 'windows'],
    ['freebsd', '15.0-RELEASE', 'other'],
  ] as const)('%s %s is %s', ([platform, release, kind]) => {
    expect(hostKind(platform, release)).toBe(kind);
  });
});

describe('sockets', () => {
  const places = { platform: 'linux', env: {}, home: '/home/a', uid: 1000 };
  const paths = (change: Partial<typeof places> & { env?: Record<string, string> }) =>
    usualSockets({ ...places, ...change }).map(({ path }) => path);

  it('are tried in this order on Linux', () => {
    expect(paths({})).toEqual([
      '/var/run/docker.sock',
      '/run/user/1000/docker.sock',
      '/home/a/.docker/desktop/docker.sock',
      '/home/a/.colima/default/docker.sock',
      '/home/a/.config/colima/default/docker.sock',
      '/home/a/.rd/docker.sock',
    ]);
  });

  it('and in this one on macOS, where there is no runtime directory', () => {
    expect(paths({ platform: 'darwin', home: '/Users/a', uid: 501 })).toEqual([
      '/var/run/docker.sock',
      '/Users/a/.docker/run/docker.sock',
      '/Users/a/.colima/default/docker.sock',
      '/Users/a/.config/colima/default/docker.sock',
      '/Users/a/.rd/docker.sock',
      '/Users/a/.orbstack/run/docker.sock',
    ]);
  });

  it('follow the variables of those who make them, empty ones aside', () => {
    expect(paths({ env: { COLIMA_HOME: '/opt/colima', XDG_RUNTIME_DIR: '/tmp/run' } })).toEqual(
      expect.arrayContaining(['/opt/colima/default/docker.sock', '/tmp/run/docker.sock']),
    );
    expect(paths({ env: { COLIMA_HOME: '', XDG_RUNTIME_DIR: '', XDG_CONFIG_HOME: '' } })).toEqual(paths({}));
  });
});

describe('contexts and DOCKER_HOST', () => {
  const around = { platform: 'linux', env: {}, home: '/home/a', uid: 1000 };
  const context = (name: string, host: string) => ({ name, host, tlsDir: undefined });

  it.for([
    ['desktop-linux on macOS', 'unix:///Users/a/.docker/run/docker.sock'],
    ['colima', 'unix:///Users/a/.colima/default/docker.sock'],
    ['rancher-desktop', 'unix:///Users/a/.rd/docker.sock'],
    ['rootless', 'unix:///run/user/1000/docker.sock'],
    ['a remote one', 'tcp://10.0.0.5:2376'],
  ] as const)('%s is followed', ([name, host]) => {
    expect(engineCandidates(around, context(name, host))).toMatchObject({
      kind: 'told',
      candidate: { endpoint: parseDockerHost(host) },
    });
  });

  it('a pipe of Windows, which a context shared with WSL2 names, is refused and not passed over', () => {
    expect(engineCandidates(around, context('desktop-windows', 'npipe:////./pipe/docker_engine'))).toEqual({
      kind: 'unusable',
      by: 'the docker context desktop-windows',
      value: 'npipe:////./pipe/docker_engine',
    });
  });
});

describe('an engine that cannot run a lab is refused', () => {
  const good = {
    version: '29.1.3',
    osType: 'linux',
    arch: 'x86_64',
    cgroupVersion: '2',
    securityOptions: [],
    product: 'docker',
    limits: { memory: true, cpu: true, pids: true },
    memoryBytes: 8 * 1024 ** 3,
    cpus: 4,
  } as const;

  it.for([
    ['Windows containers', { osType: 'windows' }, /windows containers/],
    ['an architecture without images', { arch: 'riscv64' }, /linux\/riscv64/],
    ['a version that is too old', { version: '19.03.15' }, /Docker 19\.03\.15.*20\.10/],
    [
      'rootless on cgroup v1',
      { securityOptions: ['name=rootless'], cgroupVersion: '1' },
      /rootless on cgroup v1/,
    ],
    [
      'rootless without delegated controllers',
      { securityOptions: ['name=rootless'], limits: { memory: true, cpu: false, pids: false } },
      /controllers cpu, pids are not delegated/,
    ],
    ['Podman', { product: 'podman', version: '4.9.4' }, /Podman 4\.9\.4, and meshdev supports Docker only/],
    ['too little memory', { memoryBytes: 1.5 * 1024 ** 3 }, /1\.5 GiB of memory.*at least 1\.8 GiB/],
  ] as const)('%s', ([, change, message]) => {
    const problem = engineProblem({ ...good, ...change });
    expect(problem).toMatchObject({
      code: 'ENGINE_NOT_FIT',
      exitCode: 3,
      message: expect.stringMatching(message),
    });
    expect(problem?.remedies.length).toBeGreaterThan(0);
  });

  it.for(['20.10.24+dfsg1', '28.0', 'dev', '0.0.0-20250101'])('and %s is not', (version) => {
    expect(engineProblem({ ...good, version })).toBeUndefined();
  });
});
