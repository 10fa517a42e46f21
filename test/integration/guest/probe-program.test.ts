import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Job, JobResult } from '../../../src/agent/program/job.ts';
import { openProbe } from '../../../src/agent/probe-program.ts';
import { freePort, guestProgram, portOf, Running } from './support/running.ts';

const signal = AbortSignal.timeout(60_000);
const NOBODY = { kind: 'tcp', id: 'nobody', host: '127.0.0.1', timeoutMs: 1000 } as const;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function probeOnce(input: string): Promise<Ran> {
  const child = spawn(process.execPath, [guestProgram('probe/main.ts')]);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stdout, stderr };
}

describe('the probe program', () => {
  it('reads a batch a line, prints results by its number, exits 0 whatever it saw', async () => {
    const port = await freePort();
    const lines = [7, 8].map((batch) => JSON.stringify({ batch, jobs: [{ ...NOBODY, port }] }));
    const { code, stdout, stderr } = await probeOnce(lines.join('\n'));
    expect([code, stderr]).toEqual([0, '']);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .toSorted((a, b) => a.batch - b.batch);
    const results = [{ kind: 'tcp', id: 'nobody', ended: 'refused' }];
    expect(answers).toMatchObject([
      { batch: 7, results },
      { batch: 8, results },
    ]);
  });

  it.each([
    ['no JSON', '{"jobs": [{"key": "secret-key-text"', 'a line of stdin is not JSON'],
    ['no jobs', '{"batch":1}', 'a line of stdin is not { "batch": n, "jobs": [...] }'],
    ['no number', '{"jobs":[]}', 'a line of stdin is not { "batch": n, "jobs": [...] }'],
    ['an unknown kind', '{"batch":1,"jobs":[{"kind":"icmp"}]}', 'job 0 is not usable: kind'],
    [
      'wrong fields',
      '{"batch":1,"jobs":[{"kind":"tls","id":"a","host":"h","port":"secret-key-text","timeoutMs":1,"key":7}]}',
      'job 0 is not usable: port, key',
    ],
  ])('refuses %s with 2, without repeating values', async (_name, input, message) => {
    const { code, stdout, stderr } = await probeOnce(input);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim()).toBe(message);
    expect(stderr).not.toContain('secret-key-text');
  });

  it('ends when nobody asks any more though its input is open, and not while it has something to answer', async () => {
    await using silent = await silentServer();
    const job: Job = {
      kind: 'tls',
      id: 'slow',
      host: '127.0.0.1',
      port: portOf(silent),
      timeoutMs: 600,
    };
    const child = spawn(process.execPath, [guestProgram('probe/main.ts'), '200']);
    child.stdin.write(`${JSON.stringify({ batch: 1, jobs: [job] })}\n`);
    const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(child.exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ batch: 1, results: [{ id: 'slow', ended: 'timeout' }] });
  });

  it('idles until a signal ends it', async () => {
    // It says nothing by itself: it is told by what it listens for.
    const telling = `process.on('newListener', (name) => name === 'SIGTERM' && setImmediate(console.log, 'ready'))`;
    const idle = new Running(process.execPath, [
      '--import',
      `data:text/javascript,${telling}`,
      guestProgram('probe/idle.ts'),
    ]);
    await idle.line(/ready/);
    expect(idle.child.exitCode).toBeNull();
    const began = performance.now();
    expect(await idle.stop()).toBe(0);
    // An engine kills what has not ended after 10 s.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('a probe that is kept', () => {
  /** Counts what is started, and lets a test kill it. */
  function counted() {
    const children: ChildProcess[] = [];
    const ends: Promise<unknown>[] = [];
    const probe = openProbe('here', ({ stdin, onStdout }) => {
      const child = spawn(process.execPath, [guestProgram('probe/main.ts')]);
      children.push(child);
      stdin.pipe(child.stdin).on('error', () => undefined);
      child.stdout.on('data', onStdout);
      const ended = once(child, 'exit').then(() => ({
        exitCode: child.exitCode ?? -1,
        stderr: Buffer.from(''),
      }));
      ends.push(ended);
      return ended;
    });
    return { probe, children, ends };
  }

  const slow = async (server: Server): Promise<Job> => ({
    kind: 'tls',
    id: 'slow',
    host: '127.0.0.1',
    port: portOf(server),
    timeoutMs: 5_000,
  });

  it('starts one program for all its batches, which run side by side, and ends it', async () => {
    const { probe, children, ends } = counted();
    await using silent = await silentServer();
    const order: string[] = [];
    const port = await freePort();
    const inOrder = async (name: string, job: Job): Promise<readonly JobResult[]> => {
      const results = await probe.ask([job], signal);
      order.push(name);
      return results;
    };
    const [, quick] = await Promise.all([
      inOrder('slow', { ...(await slow(silent)), timeoutMs: 500 }),
      inOrder('quick', { ...NOBODY, port }),
    ]);
    expect(quick).toMatchObject([{ id: 'nobody', ended: 'refused' }]);
    expect(order).toEqual(['quick', 'slow']);
    expect(await probe.ask([], signal)).toEqual([]);
    expect(children).toHaveLength(1);
    probe[Symbol.dispose]();
    await Promise.all(ends);
    expect(children[0]?.exitCode).toBe(0);
  });

  it('tells who waits when its program is gone, and starts another for the next batch', async () => {
    const { probe, children } = counted();
    await using silent = await silentServer();
    const lost = probe.ask([await slow(silent)], signal);
    await once(silent, 'connection');
    children[0]?.kill('SIGKILL');
    await expect(lost).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'probing from here: the probe exited with code -1 and without results: ',
    });
    const port = await freePort();
    expect(await probe.ask([{ ...NOBODY, port }], signal)).toMatchObject([{ ended: 'refused' }]);
    expect(children).toHaveLength(2);
    probe[Symbol.dispose]();
  });

  it('gives up one batch alone', async () => {
    const { probe, children } = counted();
    await using silent = await silentServer();
    const stop = new AbortController();
    const given = probe.ask([await slow(silent)], stop.signal);
    await once(silent, 'connection');
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const port = await freePort();
    expect(await probe.ask([{ ...NOBODY, port }], signal)).toMatchObject([{ ended: 'refused' }]);
    expect(children).toHaveLength(1);
    children[0]?.kill();
  });

  it('is told why it does not start', async () => {
    const probe = openProbe('here', async () => Promise.reject(new Error('no such container')));
    await expect(probe.ask([{ ...NOBODY, port: 1 }], signal)).rejects.toThrow('no such container');
  });
});

/** Takes connections and says nothing. */
async function silentServer(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume()).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  return server;
}
