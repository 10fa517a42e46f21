import { describe, expect, it } from 'vitest';
import { engineFiles } from '../../../src/engine/engine-files.ts';
import type { EngineHost } from '../../../src/engine/engine-host.ts';
import { describeChange, needsThinRuntime, planEngine } from '../../../src/engine/plan-engine.ts';

const files = engineFiles('/state');
const ALL = ['dockerd', 'docker', 'containerd', 'runc', 'iptables', 'jq', 'apparmor_parser'];
const WHOLE = 0x1ff_ffff_ffffn;
const WITHOUT_RESOURCE = 0x1ff_feff_ffffn;
const debian: EngineHost = {
  platform: 'linux',
  wsl: false,
  uid: 0,
  os: { id: 'debian', like: [], version: 12, name: 'Debian GNU/Linux 12 (bookworm)' },
  systemd: false,
  appArmor: false,
  capabilityBounds: WHOLE,
  programs: [],
};

describe('needsThinRuntime', () => {
  it('is a matter of bit 24 of the bounding set alone', () => {
    expect(needsThinRuntime({ ...debian, capabilityBounds: WITHOUT_RESOURCE })).toBe(true);
    expect(needsThinRuntime({ ...debian, capabilityBounds: WHOLE })).toBe(false);
    expect(needsThinRuntime({ ...debian, capabilityBounds: undefined })).toBe(false);
  });
});

describe('planEngine', () => {
  it('keeps what answers, whatever the host', () => {
    const found = {
      endpoint: { kind: 'socket', path: '/x' },
      version: '28.0.0',
      because: 'the default socket /x',
    } as const;
    expect(planEngine({ ...debian, platform: 'darwin' }, found, files)).toEqual({
      kind: 'keep',
      found,
      because: 'Docker 28.0.0 answers: the default socket /x',
    });
  });

  it('installs and starts a daemon on a bare Debian without systemd', () => {
    expect(planEngine(debian, undefined, files)).toEqual({
      kind: 'change',
      because: 'Docker is not installed',
      changes: [
        { kind: 'install', packages: ['docker.io', 'iptables'] },
        {
          kind: 'start-daemon',
          socket: '/var/run/docker.sock',
          log: '/state/engine/dockerd.log',
          runtime: undefined,
        },
      ],
    });
  });

  it('adds the thin runtime, and what it needs, where CAP_SYS_RESOURCE is missing', () => {
    const plan = planEngine({ ...debian, capabilityBounds: WITHOUT_RESOURCE }, undefined, files);
    expect(plan).toMatchObject({
      because: 'Docker is not installed; this host lacks CAP_SYS_RESOURCE',
      changes: [
        { packages: ['docker.io', 'iptables', 'jq'] },
        { kind: 'start-daemon', runtime: '/state/engine/meshdev-runc' },
      ],
    });
  });

  it('starts the service where systemd runs and the plain runtime will do', () => {
    const host = { ...debian, systemd: true, programs: ALL };
    expect(planEngine(host, undefined, files)).toMatchObject({
      because: 'Docker is installed but not running',
      changes: [{ kind: 'start-service', unit: 'docker' }],
    });
    const thin = { ...host, capabilityBounds: WITHOUT_RESOURCE };
    expect(planEngine(thin, undefined, files)).toMatchObject({ changes: [{ kind: 'start-daemon' }] });
  });

  it.each([
    [
      'Debian 13, whose docker.io has no client',
      { os: { ...debian.os, version: 13 } },
      ['docker.io', 'docker-cli', 'iptables'],
    ],
    [
      'Debian testing, which has no number',
      { os: { ...debian.os, version: undefined } },
      ['docker.io', 'docker-cli', 'iptables'],
    ],
    ['a kernel that enforces AppArmor', { appArmor: true }, ['docker.io', 'iptables', 'apparmor']],
    ['a daemon without iptables', { programs: ALL.filter((name) => name !== 'iptables') }, ['iptables']],
    ['a client alone', { programs: ['docker', 'iptables'] }, ['docker.io']],
  ])('installs what is missing: %s', (_, host, packages) => {
    expect(planEngine({ ...debian, ...host }, undefined, files)).toMatchObject({
      changes: [{ kind: 'install', packages }, { kind: 'start-daemon' }],
    });
  });

  it('starts an installed engine on any Linux', () => {
    const alpine = { ...debian, os: { id: 'alpine', like: [], version: 3.2, name: 'Alpine' }, programs: ALL };
    expect(planEngine(alpine, undefined, files)).toMatchObject({
      kind: 'change',
      changes: [{ kind: 'start-daemon' }],
    });
  });

  it.each([
    ['macOS', { platform: 'darwin' }, 'colima'],
    ['WSL2', { wsl: true }, 'WSL integration'],
    ['Windows', { platform: 'win32' }, 'wsl --install'],
    ['an ordinary user', { uid: 1000 }, 'sudo apt-get install -y docker.io'],
    [
      'Fedora',
      { os: { id: 'fedora', like: [], version: 42, name: 'Fedora Linux 42' } },
      'docs.docker.com/engine/install',
    ],
  ])('says what to do on %s', (_, host, remedy) => {
    expect(planEngine({ ...debian, ...host }, undefined, files)).toMatchObject({
      kind: 'impossible',
      remedies: expect.arrayContaining([expect.stringContaining(remedy)]),
    });
  });
});

describe('describeChange', () => {
  it('names what will be different afterwards', () => {
    expect(describeChange({ kind: 'install', packages: ['a', 'b'] })).toBe(
      'install the Debian packages a, b (apt-get)',
    );
    expect(describeChange({ kind: 'start-daemon', socket: '/s', log: '/l', runtime: '/r' })).toBe(
      'start dockerd on /s, log in /l, with an OCI runtime that does not need CAP_SYS_RESOURCE, /r',
    );
  });
});
