import { describe, expect, it, vi } from 'vitest';
import { MeshdevError } from '../../../../src/errors/meshdev-error.ts';
import { unreachable } from '../../../../src/images/registry/failures.ts';
import { limited, limitOf, waitOf, waysAround } from '../../../../src/images/registry/limit.ts';
import { withRetries } from '../../../../src/images/registry/retry.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');

describe('what a registry says of its limit', () => {
  it.each([
    ['5', 5_000],
    ['0', 1_000],
    ['Mon, 30 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 30 Nov 2026 11:00:00 GMT', 1_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('Retry-After: %s is %s ms', (header, ms) => {
    expect(waitOf({ 'retry-after': header }, NOW)).toBe(ms);
  });

  it.each([
    ['100;w=21600', '100 in 6 h'],
    ['200;w=900', '200 in 15 min'],
    ['3;w=10', '3 in 10 s'],
    ['100', '100'],
    [undefined, undefined],
  ])('RateLimit-Limit: %s is %s', (header, words) => {
    expect(limitOf({ 'ratelimit-limit': header })).toBe(words);
  });

  it('offers a login only to who has none', () => {
    const host = 'docker.io';
    expect(waysAround({ host }, false)[0]).toBe('docker login docker.io');
    expect(waysAround({ host }, true).join()).not.toContain('login');
  });
});

describe('tries', () => {
  const asking = (headers: Record<string, string>) =>
    limited('pulling x', { endpoint: { host: 'docker.io' }, headers, said: '', ways: [] });

  async function triesOf(fault: () => Error) {
    vi.useFakeTimers();
    try {
      const times: number[] = [];
      const run = { signal: new AbortController().signal, progress: () => undefined };
      const ended = withRetries(async () => {
        times.push(Date.now());
        throw fault();
      }, run).catch((error: unknown) => error);
      await vi.runAllTimersAsync();
      const error = await ended;
      const code = error instanceof MeshdevError ? error.code : error;
      return { code, waits: times.slice(1).map((at, index) => at - (times[index] ?? 0)) };
    } finally {
      vi.useRealTimers();
    }
  }

  it('of a limit wait for as long as it says, not for less', async () => {
    const { code, waits } = await triesOf(() => asking({ 'retry-after': '20' }));
    expect({ code, waits }).toEqual({ code: 'REGISTRY_LIMIT', waits: [20_000, 20_000] });
  });

  it('of a limit end where they would wait for more than a minute in all', async () => {
    expect((await triesOf(() => asking({ 'retry-after': '45' }))).waits).toEqual([45_000]);
    expect((await triesOf(() => asking({ 'retry-after': '61' }))).waits).toEqual([]);
    expect((await triesOf(() => asking({}))).waits).toEqual([]);
  });

  it('of a line that breaks are three, soon', async () => {
    const { code, waits } = await triesOf(() => unreachable('pulling x', 'it broke'));
    expect({ code, waits }).toEqual({ code: 'REGISTRY_UNREACHABLE', waits: [1_000, 3_000] });
  });
});
