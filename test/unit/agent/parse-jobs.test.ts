import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/agent/program/job.ts';
import { parseBatch } from '../../../src/agent/program/parse-jobs.ts';

const JOBS: readonly Job[] = [
  {
    kind: 'tls',
    id: 'a',
    host: '127.0.0.1',
    port: 443,
    servername: 'a.test',
    alpn: ['h2'],
    ca: 'pem',
    minVersion: 'TLSv1.3',
    readFirstMs: 0,
    timeoutMs: 1000,
    request: { method: 'GET', path: '/', headers: [['Host', 'a.test']], body: 'x', keepBytes: 10 },
  },
  { kind: 'http', id: 'b', to: { socketPath: '/run/a.sock' }, request: { raw: 'AA==' }, timeoutMs: 1 },
  { kind: 'tcp', id: 'c', host: 'h', port: 1, send: 'AA==', timeoutMs: 1 },
  { kind: 'dns', id: 'd', name: 'a.test', timeoutMs: 1 },
];

describe('parseBatch', () => {
  it('takes what the host writes', () => {
    const batch = { batch: 7, jobs: JOBS };
    expect(parseBatch(JSON.stringify(batch))).toEqual(batch);
  });

  it.each([
    [{ ...JOBS[0], host: 1 }, 'job 0 is not usable: host'],
    [{ ...JOBS[0], request: { method: 'GET' } }, 'job 0 is not usable: request'],
    [{ ...JOBS[0], request: { method: 'GET', path: '/', headers: [['a']] } }, 'job 0 is not usable: request'],
    [{ ...JOBS[1], to: {} }, 'job 0 is not usable: to'],
    [{ ...JOBS[3], timeoutMs: null }, 'job 0 is not usable: timeoutMs'],
    [7, 'job 0 is not usable: not an object'],
  ])('names the job and the field: %j', (job, message) => {
    expect(() => parseBatch(JSON.stringify({ batch: 0, jobs: [job] }))).toThrow(message);
  });
});
