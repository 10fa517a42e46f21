import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/agent/program/job.ts';
import { openProbe } from '../../../src/agent/probe-program.ts';
import { type HostileServers, replies, startHostileServers } from '../../support/fuzz/replies.ts';
import { FUZZ_SECONDS, FUZZ_SEED } from '../../support/fuzz/run-fuzz.ts';
import { OpensslAuthority } from './support/openssl.ts';
import { guestProgram } from './support/running.ts';

const TIMEOUT_MS = 400;

/** Every kind of exchange that a probe has, each with its own way to read what comes back. */
function jobs({ plain, tls }: HostileServers['ports']): readonly Job[] {
  const parsed = { method: 'GET', path: '/', headers: [['Host', 'h']] as const };
  const raw = { raw: Buffer.from('GET / HTTP/1.1\r\nHost: h\r\n\r\n').toString('base64') };
  const secure = { host: '127.0.0.1', port: tls, servername: 'hostile.test', timeoutMs: TIMEOUT_MS } as const;
  const to = { host: '127.0.0.1', port: plain };
  const h2 = { alpn: ['h2'] };
  return [
    { kind: 'tcp', id: 'tcp', ...to, send: raw.raw, timeoutMs: TIMEOUT_MS },
    { kind: 'http', id: 'http', to, request: parsed, timeoutMs: TIMEOUT_MS },
    { kind: 'http', id: 'http-raw', to, request: raw, timeoutMs: TIMEOUT_MS },
    { kind: 'tls', id: 'tls', ...secure },
    { kind: 'tls', id: 'tls-not-tls', ...secure, port: plain },
    { kind: 'tls', id: 'tls-http', ...secure, request: parsed, readFirstMs: 20 },
    { kind: 'tls', id: 'tls-raw', ...secure, request: raw, readFirstMs: 0 },
    { kind: 'tls', id: 'tls-h2', ...secure, ...h2, request: parsed, readFirstMs: 0 },
    { kind: 'series', id: 'series', ...secure, requests: [raw, raw, raw], answerMs: 200 },
    { kind: 'series', id: 'series-h2', ...secure, ...h2, requests: [parsed, parsed, parsed], answerMs: 200 },
  ];
}

describe('the probe program', () => {
  it(
    `survives whatever servers answer for ${FUZZ_SECONDS} s (seed ${FUZZ_SEED})`,
    async () => {
      using authority = new OpensslAuthority('hostile');
      const { cert, key } = authority.issue('hostile', ['hostile.test']);
      await using servers = await startHostileServers({ cert, key });
      const asked = jobs(servers.ports);
      const children: ChildProcess[] = [];
      const ends: Promise<unknown>[] = [];
      const probe = openProbe('here', ({ stdin, onStdout }) => {
        const child = spawn(process.execPath, [guestProgram('probe/main.ts')]);
        children.push(child);
        stdin.pipe(child.stdin).on('error', () => undefined);
        child.stdout.on('data', onStdout);
        let said = '';
        child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
        const ended = once(child, 'exit').then(() => ({
          exitCode: child.exitCode ?? -1,
          stderr: Buffer.from(said),
        }));
        ends.push(ended);
        return ended;
      });
      let batches = 0;
      const batch = fc.asyncProperty(fc.array(replies, { minLength: 1, maxLength: 14 }), async (all) => {
        servers.serve(all);
        const results = await probe.ask(asked, AbortSignal.timeout(10_000));
        expect(results.map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
        batches += 1;
      });
      await fc.assert(batch, {
        numRuns: Number.MAX_SAFE_INTEGER,
        interruptAfterTimeLimit: FUZZ_SECONDS * 1000,
        seed: FUZZ_SEED,
      });
      expect(children).toHaveLength(1);
      expect(batches).toBeGreaterThan(3);
      probe[Symbol.dispose]();
      await Promise.all(ends);
      expect(children[0]?.exitCode).toBe(0);
    },
    (FUZZ_SECONDS + 60) * 1000,
  );
});
