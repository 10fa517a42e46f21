import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Order } from '../../../src/agent/rogue-server/order.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { type Knowledge, shots } from '../../support/fuzz/http-arbitrary.ts';
import { FUZZ_SECONDS, FUZZ_SEED, runFuzz } from '../../support/fuzz/run-fuzz.ts';
import { OpensslAuthority } from './support/openssl.ts';
import { freePort, guestProgram } from './support/running.ts';

const KNOWLEDGE: Knowledge = {
  host: 'imposter.test',
  paths: fc.oneof(fc.constantFrom('/keys', '/slow', '/'), fc.webPath()),
  cookies: fc.constant('a=b'),
  forms: [{ path: '/keys', cookie: 'a=b', fields: 'a=b' }],
  fields: { a: ['b'], token: ['x'] },
};

const sightings = z.object({
  sightings: z.array(z.object({ id: z.string(), connections: z.number(), requests: z.array(z.unknown()) })),
});

describe('the imposter', () => {
  it(
    `survives whatever is sent to it for ${FUZZ_SECONDS} s (seed ${FUZZ_SEED}), and still says what it saw`,
    async () => {
      using authority = new OpensslAuthority('imposter');
      const { cert, key } = authority.issue('imposter', ['imposter.test']);
      const [plain, secure, controlPort] = [await freePort(), await freePort(), await freePort()];
      const routes = {
        '/keys': { status: 200, body: '{}' },
        '/slow': { status: 200, delayMs: 200 },
      };
      const order: Order = {
        controlPort,
        timeoutMs: (FUZZ_SECONDS + 50) * 1000,
        listeners: [
          { id: 'plain', port: plain, routes },
          { id: 'secure', port: secure, routes, tls: { cert, key, clientCa: authority.root.cert } },
        ],
      };
      const child = spawn(process.execPath, [guestProgram('imposter/main.ts')]);
      child.stdin.end(JSON.stringify(order));
      const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      await waitUntil(() => listens(controlPort), {
        what: 'the imposter to listen',
        timeoutMs: 10_000,
        intervalMs: 30,
        signal: AbortSignal.timeout(20_000),
      });
      const tls = { servername: 'imposter.test', ca: authority.root.cert };
      const fuzz = (port: number, more: object) =>
        runFuzz({
          target: { host: '127.0.0.1', port, ...more },
          shots: shots(KNOWLEDGE),
          fill: (all) => all,
          seconds: FUZZ_SECONDS,
          seed: FUZZ_SEED,
          harm: async () => (child.exitCode === null && child.signalCode === null ? undefined : 'it ended'),
          revive: async () => undefined,
        });
      const figures = await Promise.all([fuzz(plain, {}), fuzz(secure, { tls })]);
      for (const { answers } of figures) expect(answers).toBeGreaterThan(5);
      await runJobs([knock(controlPort, '.')], AbortSignal.timeout(5_000));
      const [stdout, stderr] = await ended;
      expect([child.exitCode, stderr]).toEqual([0, '']);
      const seen = sightings.parse(JSON.parse(stdout)).sightings;
      expect(seen.map(({ id }) => id)).toEqual(['plain', 'secure']);
      for (const { requests } of seen) expect(requests.length).toBeGreaterThan(5);
    },
    (FUZZ_SECONDS + 60) * 1000,
  );
});

function knock(port: number, byte?: string) {
  const send = byte === undefined ? {} : { send: Buffer.from(byte).toString('base64') };
  return { kind: 'tcp', id: 'knock', host: '127.0.0.1', port, timeoutMs: 1_000, ...send } as const;
}

async function listens(port: number): Promise<{ done: true } | { seen: string }> {
  const [result] = await runJobs([knock(port)], AbortSignal.timeout(5_000));
  return result?.kind === 'tcp' && result.connected ? { done: true } : { seen: 'nobody listens' };
}
