import { describe, expect, it } from 'vitest';
import { absent, fromFact, readFact, seen } from '../../../../src/host/facts/read-fact.ts';

const open = (): AbortSignal => new AbortController().signal;
const never = (): Promise<never> => new Promise(() => undefined);

describe('a fact', () => {
  it('is what was read', async () => {
    expect(await readFact(open(), async () => seen(1))).toEqual({ kind: 'seen', value: 1 });
    expect(await readFact(open(), async () => absent('none here'))).toEqual({
      kind: 'absent',
      because: 'none here',
    });
  });

  it('that throws is unknown, with the reason', async () => {
    const fact = readFact(open(), () => Promise.reject(new Error('EIO: i/o error')));
    expect(await fact).toEqual({ kind: 'unknown', because: 'EIO: i/o error' });
  });

  it('that hangs and does not heed its signal ends at the deadline', async () => {
    const deadline = new AbortController();
    const fact = readFact(deadline.signal, never);
    deadline.abort();
    expect(await fact).toEqual({ kind: 'unknown', because: 'no answer before the deadline' });
  });

  it('that fails because of the deadline says so, and not what broke', async () => {
    const deadline = new AbortController();
    const fact = readFact(deadline.signal, async (signal) => {
      deadline.abort();
      signal.throwIfAborted();
      return seen(1);
    });
    expect(await fact).toEqual({ kind: 'unknown', because: 'no answer before the deadline' });
  });

  it('of a fact that is not known has the reason of that one, and is not read', async () => {
    const unknown = { kind: 'unknown', because: 'no answer' } as const;
    const read = (): Promise<never> => Promise.reject(new Error('was read'));
    expect(await fromFact(Promise.resolve(unknown), open(), read)).toBe(unknown);
    expect(await fromFact(Promise.resolve(seen(2)), open(), async (two) => seen(two + 1))).toEqual(seen(3));
  });
});
