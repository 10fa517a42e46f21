import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitsOf,
  booleanOf,
  childrenOf,
  countOf,
  encodeDer,
  oidText,
  readDer,
  readOnly,
  TAG,
} from '../../../src/trust/der.ts';

describe('DER', () => {
  it('reads what it wrote, of any length', () => {
    const bytes = fc.uint8Array({ maxLength: 70_000 });
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 4 }), (contents) => {
        const list = encodeDer(
          TAG.sequence,
          ...contents.map((content) => encodeDer(TAG.octetString, content)),
        );
        const nodes = childrenOf(readDer(list).content);
        expect(nodes.map((node) => node.content.toString('hex'))).toEqual(
          contents.map((content) => Buffer.from(content).toString('hex')),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('throws nothing but RangeError on any bytes', () => {
    const readable = (bytes: Uint8Array): boolean => {
      try {
        return childrenOf(Buffer.from(bytes)).length >= 0;
      } catch (error) {
        return error instanceof RangeError;
      }
    };
    expect(() => fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), readable))).not.toThrow();
  });

  it('refuses elements that are cut short or of indefinite length', () => {
    for (const hex of ['30', '3005', '308', '3080', '30850000000001', '3082ff']) {
      expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(RangeError);
    }
  });

  it('knows one spelling of a length only', () => {
    for (const hex of ['0481', '04810100', '0482008000', '04820001ff']) {
      expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(RangeError);
    }
  });

  it('reads one element, with nothing behind it', () => {
    expect(readOnly(Buffer.from('020105', 'hex'), TAG.integer)).toEqual(Buffer.from([5]));
    expect(() => readOnly(Buffer.from('02010500', 'hex'), TAG.integer)).toThrow('1 bytes behind');
    expect(() => readOnly(Buffer.from('020105', 'hex'), TAG.boolean)).toThrow('tag 2, expected 1');
  });

  it.each([
    ['00', 0],
    ['7f', 127],
    ['0080', 128],
    ['7fffffff', 2_147_483_647],
  ])('counts %s as %i', (hex, value) => {
    expect(countOf(Buffer.from(hex, 'hex'))).toBe(value);
  });

  it.each(['', 'ff', '80', '0000', '007f', '0100000000'])('does not count %s', (hex) => {
    expect(() => countOf(Buffer.from(hex, 'hex'))).toThrow(RangeError);
  });

  it('takes two octets for a truth value, and no other', () => {
    expect(['00', 'ff'].map((hex) => booleanOf(Buffer.from(hex, 'hex')))).toEqual([false, true]);
    for (const hex of ['', '01', 'ffff'])
      expect(() => booleanOf(Buffer.from(hex, 'hex'))).toThrow(RangeError);
  });

  it.each(['', '5581', '558001', '55ffffffffffffffff7f'])('takes %s for no object identifier', (hex) => {
    expect(() => oidText(Buffer.from(hex, 'hex'))).toThrow(RangeError);
  });

  it('spells object identifiers', () => {
    expect(oidText(Buffer.from('551d1e', 'hex'))).toBe('2.5.29.30');
    expect(oidText(Buffer.from('2a8648ce3d040302', 'hex'))).toBe('1.2.840.10045.4.3.2');
  });

  it('counts bits from the highest', () => {
    expect(bitsOf(Buffer.from('0106', 'hex'))).toEqual([5, 6]);
    expect(bitsOf(Buffer.from('0780', 'hex'))).toEqual([0]);
  });
});
