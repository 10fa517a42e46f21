import { describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { apiState } from '../../../src/probe/host/containers.ts';

const soon = (): AbortSignal => AbortSignal.timeout(2_000);

describe('the API server', () => {
  it('is asked again when it is not ready', async () => {
    const answers = [false, false, true];
    expect(await apiState({ ready: async () => answers.shift() ?? false }, soon())).toBe('ready');
    expect(answers).toEqual([]);
  });

  it('is not ready when it stays so', async () => {
    expect(await apiState({ ready: async () => false }, AbortSignal.timeout(600))).toBe('not-ready');
  });

  it.each([
    ['refused', new MeshdevError('LAB_NOT_UP', { message: 'no process listens' })],
    ['silent', new MeshdevError('TIMED_OUT', { message: 'no answer' })],
  ] as const)('is %s', async (seen, error) => {
    expect(await apiState({ ready: () => Promise.reject(error) }, soon())).toBe(seen);
  });
});
