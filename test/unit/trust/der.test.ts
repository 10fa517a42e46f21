import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf, childrenOf, encodeDer, oidText, readDer, TAG } from '../../../src/trust/der.ts';

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

  it('spells object identifiers', () => {
    expect(oidText(Buffer.from('551d1e', 'hex'))).toBe('2.5.29.30');
    expect(oidText(Buffer.from('2a8648ce3d040302', 'hex'))).toBe('1.2.840.10045.4.3.2');
  });

  it('counts bits from the highest', () => {
    expect(bitsOf(Buffer.from('0106', 'hex'))).toEqual([5, 6]);
    expect(bitsOf(Buffer.from('0780', 'hex'))).toEqual([0]);
  });
});
