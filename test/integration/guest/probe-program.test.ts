import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { freePort, guestProgram, Running } from './support/running.ts';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function probe(input: string): Promise<Ran> {
  const child = spawn(process.execPath, [guestProgram('probe/main.ts')]);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stdout, stderr };
}

describe('the probe program', () => {
  it('reads jobs on stdin, prints results, exits 0 whatever it saw', async () => {
    const port = await freePort();
    const job = { kind: 'tcp', id: 'nobody', host: '127.0.0.1', port, timeoutMs: 1000 };
    const { code, stdout, stderr } = await probe(JSON.stringify({ jobs: [job] }));
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ results: [{ kind: 'tcp', id: 'nobody', ended: 'refused' }] });
  });

  it.each([
    ['no JSON', '{"jobs": [{"key": "secret-key-text"', 'stdin is not JSON'],
    ['no jobs', '{}', 'stdin is not { "jobs": [...] }'],
    ['an unknown kind', '{"jobs":[{"kind":"icmp"}]}', 'job 0 is not usable: kind'],
    [
      'wrong fields',
      '{"jobs":[{"kind":"tls","id":"a","host":"h","port":"secret-key-text","timeoutMs":1,"key":7}]}',
      'job 0 is not usable: port, key',
    ],
  ])('refuses %s with 2, without repeating values', async (_name, input, message) => {
    const { code, stdout, stderr } = await probe(input);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim()).toBe(message);
    expect(stderr).not.toContain('secret-key-text');
  });

  it('idles until a signal ends it', async () => {
    const idle = new Running(process.execPath, [guestProgram('probe/idle.ts')]);
    await once(idle.child, 'spawn');
    // The signal handler is there when the program has run; there is nothing to print before.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(idle.child.exitCode).toBeNull();
    const began = performance.now();
    expect(await idle.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(300);
  });
});
