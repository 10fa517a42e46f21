import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createX509Authority } from '../../../src/adapters/x509-authority.ts';
import type { Order, Sighting } from '../../../src/agent/rogue-server/order.ts';
import { type Job, resultOf } from '../../../src/agent/program/job.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import { validFor } from '../../../src/ports/certificate-authority.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { execProbe } from '../../../src/agent/exec-probe.ts';
import type { AskProbe } from '../../../src/agent/probe-program.ts';
import { withRogueServer } from '../../../src/agent/ask-rogue-server.ts';
import { fingerprintsOf } from '../../../src/trust/fingerprints.ts';
import { localEngine } from './support/local-engine.ts';
import { freePort, guestProgram } from './support/running.ts';

const signal = AbortSignal.timeout(60_000);

async function issueLeaf(commonName: string, purpose: 'serverAuth' | 'clientAuth') {
  const spec = { commonName, names: { dns: [commonName] }, extendedKeyUsage: [purpose] };
  return createX509Authority().issue({ spec, validity: validFor(new Date(), 1) });
}

/** Starts the program, lets `work` talk to it, ends it through its control port. */
async function rogueServer(order: Order, work: () => Promise<void>): Promise<readonly Sighting[]> {
  const child = spawn(process.execPath, [guestProgram('imposter/main.ts')]);
  child.stdin.end(JSON.stringify(order));
  const ended = Promise.all([text(child.stdout), once(child, 'exit')]);
  const knock = {
    kind: 'tcp',
    id: 'knock',
    host: '127.0.0.1',
    port: order.controlPort,
    timeoutMs: 1000,
  } as const;
  await waitUntil(
    async () => {
      const [result] = await runJobs([knock], signal);
      return result?.kind === 'tcp' && result.connected ? { done: true } : { seen: 'nobody listens' };
    },
    { what: 'the imposter to listen', timeoutMs: 10_000, intervalMs: 30, signal },
  );
  await work();
  await runJobs([{ ...knock, send: Buffer.from('.').toString('base64') }], signal);
  const [stdout] = await ended;
  return JSON.parse(stdout).sightings;
}

const ask: AskProbe = (jobs, within) => execProbe(localEngine, 'probe', jobs, within);

describe('withImposter', () => {
  it('lets it listen while the work goes on, and hands over what it saw', async () => {
    const [port, controlPort] = [await freePort(), await freePort()];
    const listeners = [{ id: 'keys', port, otherwise: { status: 204 } }];
    const options = {
      engine: localEngine,
      ask,
      container: 'probe',
      listeners,
      controlPort,
      timeoutMs: 20_000,
      signal,
    };
    const { done, sightings } = await withRogueServer(options, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/keys`);
      return response.status;
    });
    expect(done).toBe(204);
    expect(sightings).toMatchObject([{ id: 'keys', connections: 1, requests: [{ path: '/keys' }] }]);
  });

  it('ends it when the work fails', async () => {
    const [port, controlPort] = [await freePort(), await freePort()];
    const options = {
      engine: localEngine,
      ask,
      container: 'probe',
      listeners: [{ id: 'a', port }],
      controlPort,
      timeoutMs: 20_000,
      signal,
    };
    await expect(
      withRogueServer(options, async () => Promise.reject(new Error('no work today'))),
    ).rejects.toThrow('no work today');
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
  });

  it('says so when it does not start', async () => {
    const controlPort = await freePort();
    await using taken = await startListener(controlPort);
    expect(taken.listening).toBe(true);
    const options = {
      engine: localEngine,
      ask,
      container: 'probe',
      listeners: [],
      controlPort,
      timeoutMs: 5_000,
      signal,
    };
    await expect(withRogueServer(options, async () => undefined)).rejects.toThrow(
      /exited with code 2: .*EADDRINUSE/,
    );
  });
});

async function startListener(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('the imposter', () => {
  it('answers by path over TLS, and says who asked for what', async () => {
    const [server, client] = [
      await issueLeaf('imposter.test', 'serverAuth'),
      await issueLeaf('client.test', 'clientAuth'),
    ];
    const [port, plain, controlPort] = [await freePort(), await freePort(), await freePort()];
    const order: Order = {
      controlPort,
      timeoutMs: 20_000,
      listeners: [
        {
          id: 'secure',
          port,
          tls: { cert: server.certificatePem, key: server.keyPem, clientCa: client.certificatePem },
          routes: { '/keys': { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' } },
        },
        { id: 'plain', port: plain, otherwise: { status: 503 } },
      ],
    };
    const base: Job = {
      kind: 'tls',
      id: 'good',
      host: '127.0.0.1',
      port,
      servername: 'imposter.test',
      ca: server.certificatePem,
      cert: client.certificatePem,
      key: client.keyPem,
      timeoutMs: 5000,
      request: {
        method: 'GET',
        path: '/keys?x=1',
        headers: [
          ['Host', 'h'],
          ['Authorization', 'Bearer secret'],
        ],
      },
    };
    const sightings = await rogueServer(order, async () => {
      const results = await runJobs(
        [
          base,
          { ...base, id: 'old', maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' },
          {
            kind: 'http',
            id: 'plain',
            to: { host: '127.0.0.1', port: plain },
            timeoutMs: 5000,
            request: { method: 'GET', path: '/', headers: [['Host', 'h']] },
          },
        ],
        signal,
      );
      expect(resultOf(results, 'tls', 'good')).toMatchObject({
        authorized: true,
        response: { status: 200, body: '{}' },
      });
      expect(resultOf(results, 'http', 'plain')).toMatchObject({ response: { status: 503 } });
    });
    const [secure, other] = sightings;
    expect(secure).toMatchObject({
      id: 'secure',
      connections: 2,
      handshakes: 1,
      requests: [
        { method: 'GET', path: '/keys?x=1', clientFingerprint: fingerprintsOf(client.certificatePem)[0] },
      ],
    });
    expect(secure?.failures).toHaveLength(1);
    expect(JSON.stringify(sightings)).not.toContain('secret');
    expect(other).toMatchObject({ id: 'plain', requests: [{ path: '/' }] });
  });

  it('says that a port is taken, and shows the rest', async () => {
    const [port, controlPort] = [await freePort(), await freePort()];
    const order: Order = {
      controlPort,
      timeoutMs: 20_000,
      listeners: [
        { id: 'one', port },
        { id: 'two', port },
      ],
    };
    const sightings = await rogueServer(order, async () => undefined);
    expect(sightings.filter(({ error }) => error === 'EADDRINUSE')).toHaveLength(1);
  });

  it('refuses an order that is not one, without repeating it', async () => {
    const child = spawn(process.execPath, [guestProgram('imposter/main.ts')]);
    child.stdin.end('{"listeners":[{"id":"a","port":1,"tls":{"key":"secret-key"}}]}');
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(child.exitCode).toBe(2);
    expect(stderr.trim()).toBe('stdin is not an order for an imposter');
  });
});
