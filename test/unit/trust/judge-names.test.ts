import { describe, expect, it } from 'vitest';
import { judgeNames, judgeSpiffe } from '../../../src/trust/judge-names.ts';
import { make } from '../../support/certificates.ts';

const leaf = async (names: { dns?: string[]; uri?: string[]; ip?: string[] }, commonName = 'leaf') =>
  (await make({ commonName, names })).certificate;

const codes = (findings: readonly { code: string }[]): readonly string[] => findings.map(({ code }) => code);

describe('judgeNames', () => {
  it.each([
    ['a.mesh.localhost', { dns: ['a.mesh.localhost'] }],
    ['A.Mesh.Localhost', { dns: ['a.mesh.localhost'] }],
    ['b.mesh.localhost', { dns: ['a.mesh.localhost', 'b.mesh.localhost'] }],
    ['a.mesh.localhost', { dns: ['*.mesh.localhost'] }],
    ['127.0.0.1', { ip: ['127.0.0.1'] }],
    ['::1', { ip: ['::1'] }],
  ])('%s is named by %o', async (host, names) => {
    expect(judgeNames(await leaf(names), host)).toEqual([]);
  });

  it.each([
    ['b.mesh.localhost', { dns: ['a.mesh.localhost'] }],
    ['a.b.mesh.localhost', { dns: ['*.mesh.localhost'] }],
    ['mesh.localhost', { dns: ['*.mesh.localhost'] }],
    ['127.0.0.2', { ip: ['127.0.0.1'] }],
    ['a.mesh.localhost', { uri: ['spiffe://mesh/a'] }],
  ])('%s is not named by %o', async (host, names) => {
    expect(codes(judgeNames(await leaf(names), host))).toEqual(['CERT_NAME_MISMATCH']);
  });

  it('never takes the common name for a name', async () => {
    const certificate = await leaf({}, 'a.mesh.localhost');
    expect(codes(judgeNames(certificate, 'a.mesh.localhost'))).toEqual(['CERT_NAME_MISMATCH']);
  });

  it.each(['*', 'a.*.test', 'a..test', 'a.test.', 'a b.test', '127.0.0.1', '-a.test', 'xn--ä'])(
    'calls the DNS name %s malformed, even beside a good one',
    async (name) => {
      const certificate = await leaf({ dns: ['a.mesh.localhost', name] });
      expect(codes(judgeNames(certificate, 'a.mesh.localhost'))).toEqual(['CERT_SAN_MALFORMED']);
    },
  );
});

describe('judgeSpiffe', () => {
  const ID = 'spiffe://cluster.local/ns/apps/sa/httpbin';

  it.each([
    ['the one it should be', [ID], []],
    ['none', [], ['CERT_NAME_MISMATCH']],
    ['another account', ['spiffe://cluster.local/ns/apps/sa/caller'], ['CERT_NAME_MISMATCH']],
    ['another trust domain', ['spiffe://other.local/ns/apps/sa/httpbin'], ['CERT_TRUST_DOMAIN']],
    ['two, one of them right', [ID, 'spiffe://cluster.local/ns/apps/sa/caller'], ['CERT_SAN_MALFORMED']],
    ['no SPIFFE ID', ['https://apps/httpbin'], ['CERT_SAN_MALFORMED']],
    [
      'one that needs normalising',
      ['spiffe://cluster.local/ns/apps/../apps/sa/httpbin'],
      ['CERT_SAN_MALFORMED'],
    ],
  ])('of %s says what it is', async (_, uri, expected) => {
    expect(codes(judgeSpiffe(await leaf({ uri }), ID))).toEqual(expected);
  });
});
