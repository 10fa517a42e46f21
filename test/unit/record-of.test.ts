import { describe, expect, it } from 'vitest';
import { awaitedRecordOf, recordOf } from '../../src/record-of.ts';

describe('a record of ids', () => {
  it('has one value for each, in their order', () => {
    const record = recordOf(['b', 'a'], (id) => id.toUpperCase());
    expect(Object.entries(record)).toEqual([
      ['b', 'B'],
      ['a', 'A'],
    ]);
  });

  it('begins all at once where values come later', async () => {
    const begun: string[] = [];
    const gate = Promise.withResolvers<string>();
    const record = awaitedRecordOf(['b', 'a'], (id) => {
      begun.push(id);
      return gate.promise;
    });
    expect(begun).toEqual(['b', 'a']);
    gate.resolve('x');
    expect(await record).toEqual({ b: 'x', a: 'x' });
  });

  it('fails with the first that fails', async () => {
    const failing = awaitedRecordOf(['a', 'b'], async (id) => {
      if (id === 'b') throw new Error('no b');
      return id;
    });
    await expect(failing).rejects.toThrow('no b');
  });
});
