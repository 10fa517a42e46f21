import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specDigest } from '../../../src/engine/spec-digest.ts';

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, reversed(inner)] as const);
  return Object.fromEntries(members.toReversed());
}

describe('specDigest', () => {
  it('is 16 hexadecimal digits, the same today and tomorrow', () => {
    expect(specDigest({ b: 1, a: ['x', { d: 2, c: null }] })).toBe('7a964344a3d0d451');
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(specDigest(reversed(value))).toBe(specDigest(value));
      }),
    );
  });

  it('depends on everything else', () => {
    const values = [
      {},
      [],
      null,
      '',
      0,
      { a: 1 },
      { a: '1' },
      { b: 1 },
      { a: { a: 1 } },
      ['a', 'b'],
      ['b', 'a'],
    ];
    expect(new Set(values.map(specDigest)).size).toBe(values.length);
  });

  it('depends on the bytes of files', () => {
    const file = (content: Uint8Array) => specDigest({ files: [{ path: '/x', content }] });
    expect(file(Buffer.from('one'))).not.toBe(file(Buffer.from('two')));
    expect(file(Uint8Array.of(1, 2))).not.toBe(file(Uint8Array.of(2, 1)));
  });

  it('takes a member that is undefined as one that is absent', () => {
    expect(specDigest({ a: 1, b: undefined })).toBe(specDigest({ a: 1 }));
  });
});
