import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConstraintName,
  encodeNameConstraints,
  forbiddenName,
  readNameConstraints,
} from '../../../src/trust/name-constraints.ts';
import { childrenOf, readOnly, TAG } from '../../../src/trust/der.ts';
import { general, nameConstraints } from '../../support/x509/extensions.ts';

const limits = (...permitted: readonly ConstraintName[]) => ({ critical: true, permitted, excluded: [] });

function isReadable(constraints: Buffer): boolean {
  try {
    return readNameConstraints(constraints, true).permitted.length > 0;
  } catch (error) {
    return !(error instanceof RangeError);
  }
}

describe('forbiddenName', () => {
  /** As measured on Go, OpenSSL, GnuTLS and Java; NSS agrees. */
  it.each([
    ['dns', 'mesh.localhost', 'mesh.localhost', true],
    ['dns', 'mesh.localhost', 'a.b.mesh.localhost', true],
    ['dns', 'mesh.localhost', '*.mesh.localhost', true],
    ['dns', 'mesh.localhost', 'A.MESH.localhost', true],
    ['dns', 'mesh.localhost', 'notmesh.localhost', false],
    ['dns', 'mesh.localhost', 'localhost', false],
    ['dns', '.mesh.localhost', 'mesh.localhost', false],
    ['dns', '.mesh.localhost', 'a.mesh.localhost', true],
    ['email', 'mesh.localhost', 'a@mesh.localhost', true],
    ['email', 'mesh.localhost', 'a@b.mesh.localhost', false],
    ['email', 'a@mesh.localhost', 'b@mesh.localhost', false],
    ['uri', 'mesh.localhost', 'https://mesh.localhost:8443/x', true],
    ['uri', 'mesh.localhost', 'https://user@example.test/mesh.localhost', false],
    ['uri', 'mesh.localhost', 'urn:mesh.localhost', false],
    ['ip', '127.0.0.0/8', '127.9.9.9', true],
    ['ip', '127.0.0.0/8', '128.0.0.1', false],
    ['ip', '127.0.0.0/8', '::1', false],
    ['ip', '::1/128', '::1', true],
    ['ip', '::1/128', '::2', false],
  ] as const)('%s limit %s against %s: allowed %s', (kind, limit, value, allowed) => {
    expect(forbiddenName([{ kind, value }], limits({ kind, value: limit })) === undefined).toBe(allowed);
  });

  it('leaves a kind without entry unrestricted', () => {
    expect(
      forbiddenName([{ kind: 'ip', value: '10.0.0.1' }], limits({ kind: 'dns', value: 'a.test' })),
    ).toBeUndefined();
  });

  it('refuses what is excluded, permitted or not', () => {
    const both = {
      ...limits({ kind: 'dns', value: 'a.test' }),
      excluded: [{ kind: 'dns', value: 'b.a.test' } as const],
    };
    expect(forbiddenName([{ kind: 'dns', value: 'c.a.test' }], both)).toBeUndefined();
    expect(forbiddenName([{ kind: 'dns', value: 'b.a.test' }], both)).toContain('excluded');
  });
});

describe('encodeNameConstraints', () => {
  const label = fc.stringMatching(/^[a-z]{1,8}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const v4 = fc
    .ipV4()
    .chain((address) => fc.integer({ min: 0, max: 32 }).map((prefix) => `${address}/${prefix}`));
  const constraint: fc.Arbitrary<ConstraintName> = fc.oneof(
    fc.record({ kind: fc.constantFrom('dns', 'email', 'uri'), value: name }),
    fc.record({ kind: fc.constant('ip'), value: v4 }),
  );

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(constraint, { minLength: 1 }),
        fc.array(constraint),
        fc.boolean(),
        (permitted, excluded, critical) => {
          const octets = encodeNameConstraints(permitted, excluded);
          expect(readNameConstraints(octets, critical)).toEqual({ critical, permitted, excluded });
        },
      ),
    );
  });

  it('keeps IPv6 networks in one spelling', () => {
    const octets = encodeNameConstraints([
      { kind: 'ip', value: '0:0:0:0:0:0:0:1/128' },
      { kind: 'ip', value: 'fd00::/8' },
    ]);
    expect(readNameConstraints(octets, true).permitted.map((network) => network.value)).toEqual([
      '::1/128',
      'fd00::/8',
    ]);
  });

  it('takes a mask exactly when it is a prefix', () => {
    const mask = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.integer({ min: 0, max: 32 }).map((bits) => {
        const octets = Buffer.alloc(4);
        octets.writeUInt32BE(bits === 0 ? 0 : (0xff_ff_ff_ff << (32 - bits)) >>> 0);
        return octets;
      }),
    );
    fc.assert(
      fc.property(mask, (octets) => {
        const extension = nameConstraints([general.ip(10, 0, 0, 0, ...octets)]);
        const content = readOnly(
          childrenOf(readOnly(extension, TAG.sequence)).at(-1)?.raw ?? extension,
          TAG.octetString,
        );
        const isPrefix = !Buffer.from(octets).readUInt32BE().toString(2).padStart(32, '0').includes('01');
        expect(isReadable(content)).toBe(isPrefix);
      }),
    );
  });

  it('refuses what is no network', () => {
    for (const value of ['127.0.0.1', '127.0.0.0/33', '1.2.3/8', '::1::/8', 'a/8']) {
      expect(() => encodeNameConstraints([{ kind: 'ip', value }])).toThrow(RangeError);
    }
  });
});
