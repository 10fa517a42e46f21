import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agree,
  type Agreement,
  type TlsOffer,
  agreementText,
  versionRange,
} from '../../../src/trust/tls-agreement.ts';
import { ENVOY_OFFER, GO_OFFER } from '../../../src/trust/tls-libraries.ts';

const pick = (names: readonly string[]) => fc.shuffledSubarray([...names]);
const offer: fc.Arbitrary<TlsOffer> = fc.record({
  versions: pick(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']),
  ciphers: pick([...GO_OFFER.ciphers, 'AES128-SHA', 'AES256-GCM-SHA384']),
  groups: pick([...GO_OFFER.groups, 'X448']),
  alpn: pick(['h2', 'http/1.1', 'istio']),
});

/** Without the order of preference, which is the server’s. */
function essence(found: Agreement): unknown {
  return found.kind === 'mismatch'
    ? found
    : { version: found.version, ciphers: found.ciphers.toSorted(), groups: found.groups.toSorted() };
}

function turned(found: Agreement): Agreement {
  return found.kind === 'mismatch' ? { ...found, client: found.server, server: found.client } : found;
}

describe('agree', () => {
  it('agrees on nothing that one side did not offer', () => {
    fc.assert(
      fc.property(offer, offer, (client, server) => {
        const found = agree(client, server);
        fc.pre(found.kind === 'agreed');
        const { version, ciphers, groups, alpn } = found;
        const offered = (side: TlsOffer): boolean =>
          side.versions.includes(version) &&
          ciphers.every((cipher) => side.ciphers.includes(cipher)) &&
          groups.every((group) => side.groups.includes(group)) &&
          (alpn === undefined || side.alpn.includes(alpn));
        expect(ciphers).not.toEqual([]);
        expect([client, server].map(offered)).toEqual([true, true]);
      }),
    );
  });

  it('comes to the same end whoever is the client, but for the order of preference', () => {
    fc.assert(
      fc.property(offer, offer, (one, other) => {
        expect(essence(agree(other, one))).toEqual(essence(turned(agree(one, other))));
      }),
    );
  });

  it('names as a mismatch only what the two have nothing of in common', () => {
    fc.assert(
      fc.property(offer, offer, (client, server) => {
        const found = agree(client, server);
        fc.pre(found.kind === 'mismatch');
        expect(found.client.filter((one) => found.server.includes(one))).toEqual([]);
      }),
    );
  });

  it('takes the highest common version, and never a lower one to save the rest', () => {
    const server = { ...GO_OFFER, ciphers: ['ECDHE-ECDSA-AES128-GCM-SHA256'] };
    expect(agree(GO_OFFER, server)).toMatchObject({ kind: 'mismatch', of: 'cipher' });
    expect(agree(GO_OFFER, { ...server, versions: ['TLSv1.2'] })).toMatchObject({ version: 'TLSv1.2' });
  });

  it('needs no group for the old exchange by RSA alone', () => {
    expect(agree(GO_OFFER, { ...GO_OFFER, groups: [] })).toMatchObject({ kind: 'mismatch', of: 'group' });
    const rsa = { versions: ['TLSv1.2'], ciphers: ['AES128-SHA'], groups: [], alpn: [] };
    expect(agree(rsa, rsa)).toMatchObject({ kind: 'agreed', groups: [] });
  });

  it('lets ALPN be left out by one side, not be contradicted', () => {
    expect(agree(GO_OFFER, { ...GO_OFFER, alpn: [] })).toMatchObject({ kind: 'agreed', alpn: undefined });
    expect(agree(GO_OFFER, { ...GO_OFFER, alpn: ['istio'] })).toMatchObject({ kind: 'mismatch', of: 'alpn' });
  });

  it('holds between Go and Envoy as they come', () => {
    expect(agreementText(agree(GO_OFFER, ENVOY_OFFER))).toBe(
      'TLSv1.3, 3 suites, groups X25519MLKEM768, X25519, P-256, no ALPN',
    );
  });
});

it('told names both sides of a mismatch', () => {
  const found = agree(GO_OFFER, { ...GO_OFFER, versions: ['TLSv1.1'] });
  expect(agreementText(found)).toBe(
    'no common TLS version: the client offers TLSv1.2, TLSv1.3, the server accepts TLSv1.1',
  );
});

it.each([
  ['TLSv1.2', 'TLSv1.3', ['TLSv1.2', 'TLSv1.3']],
  ['TLSv1.3', undefined, ['TLSv1.3']],
  [undefined, 'TLSv1.1', ['TLSv1', 'TLSv1.1']],
  ['TLSv1.3', 'TLSv1.2', []],
  ['SSLv3', undefined, []],
])('versionRange from %s to %s', (min, max, expected) => {
  expect(versionRange(min, max)).toEqual(expected);
});
