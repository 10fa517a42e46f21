import { describe, expect, it } from 'vitest';
import { isRootless } from '../../../src/engine/engine-fit.ts';
import { portProblem } from '../../../src/host/judges/port-problem.ts';
import { publisherOf } from '../../../src/host/port.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

const signal = AbortSignal.timeout(60_000);
const image = { id: 'sha256:1', tags: ['web:1'], labels: {}, sizeBytes: 1 };

const publishing = async (hostAddress: string) => {
  const engine = createFakeEngine({ images: [image] });
  await engine.networks.ensure({ name: 'net', labels: {}, ipv6: false }, signal);
  const ports = [{ hostAddress, hostPort: 443, containerPort: 80, protocol: 'tcp' as const }];
  const id = await engine.containers.create(
    { name: 'web', image: 'web:1', labels: {}, network: 'net', ports },
    signal,
  );
  await engine.containers.start(id, signal);
  return engine;
};

describe('publisherOf', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::', ''])(
    'finds the container that publishes on "%s"',
    async (address) => {
      const engine = await publishing(address);
      expect(publisherOf(await engine.containers.list({}, signal), 443)?.name).toBe('web');
      expect(publisherOf(await engine.containers.list({}, signal), 444)).toBeUndefined();
    },
  );
  it('finds one that is paused, which keeps its port', async () => {
    const engine = await publishing('127.0.0.1');
    await engine.containers.pause('web', signal);
    expect(publisherOf(await engine.containers.list({}, signal), 443)?.name).toBe('web');
  });
  it('leaves out other addresses and containers that do not run', async () => {
    const elsewhere = await publishing('10.0.0.7');
    expect(publisherOf(await elsewhere.containers.list({}, signal), 443)).toBeUndefined();
    const stopped = await publishing('127.0.0.1');
    await stopped.containers.stop('web', 0, signal);
    expect(publisherOf(await stopped.containers.list({}, signal), 443)).toBeUndefined();
  });
});

describe('portProblem', () => {
  it('is none for a free port', () => {
    expect(portProblem({ kind: 'free', port: 443 })).toBeUndefined();
  });
  it('names the process and another port', () => {
    const holder = { kind: 'process', owner: { pid: 42, program: 'nginx' } } as const;
    expect(portProblem({ kind: 'taken', port: 443, holder, suggestion: 8443 })).toMatchObject({
      code: 'PORT_TAKEN',
      message: 'looking for port 443 on loopback · nginx (process 42) uses it',
      remedies: ['meshdev up --https-port 8443', 'kill 42'],
    });
  });
  it('names the container rather than its proxy process', async () => {
    const engine = await publishing('127.0.0.1');
    const container = await engine.containers.inspect('web', signal);
    if (container === undefined) throw new Error('the fake lost its container');
    const problem = portProblem({
      kind: 'taken',
      port: 443,
      holder: { kind: 'container', container },
      suggestion: 8443,
    });
    expect(problem?.message).toContain('container web (image web:1)');
    expect(problem?.remedies).toContain('docker stop web');
  });
  it('says from which port this user may listen', () => {
    expect(portProblem({ kind: 'forbidden', port: 443, floor: 1024, suggestion: 8443 })).toMatchObject({
      code: 'PORT_NOT_ALLOWED',
      message: expect.stringContaining('only on ports from 1024'),
    });
  });
});

describe('a rootless engine', () => {
  it('says so itself', () => {
    expect(isRootless({ securityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] })).toBe(true);
    expect(isRootless({ securityOptions: ['name=seccomp'] })).toBe(false);
  });
});
