import { describe, expect, it } from 'vitest';
import { labelOf, parseCertificate, parseCertificates } from '../../../src/trust/certificate.ts';
import { days, make, makeCa } from '../../support/certificates.ts';

describe('parseCertificates', () => {
  it('reads all of a bundle in order and passes over keys', async () => {
    const ca = await makeCa('ca');
    const leaf = await make({ commonName: 'leaf' }, ca);
    const bundle = `text before\n${leaf.certificatePem}${leaf.keyPem}${ca.certificatePem}`;
    expect(parseCertificates(bundle).map(({ facts }) => facts.subject)).toEqual(['CN=leaf', 'CN=ca']);
    expect(parseCertificates('nothing')).toEqual([]);
  });

  it('gives the facts that were asked for when it was made', async () => {
    const ca = await makeCa('ca');
    const made = await make(
      {
        commonName: 'leaf',
        organization: 'meshdev',
        names: { dns: ['a.test'], uri: ['spiffe://td/a'], ip: ['10.1.2.3', 'fd00::1'], email: ['a@a.test'] },
        extendedKeyUsage: ['serverAuth', 'clientAuth'],
      },
      ca,
      days(0, 5),
    );
    const { facts } = made.certificate;
    expect(facts).toMatchObject({
      subject: 'CN=leaf, O=meshdev',
      issuer: 'CN=ca',
      ca: false,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth', 'clientAuth'],
      key: { type: 'ec', bits: 256 },
      signatureAlgorithm: 'ecdsa-sha256',
      notBefore: days(0, 5).notBefore.getTime(),
      notAfter: days(0, 5).notAfter.getTime(),
      selfIssued: false,
      authorityKeyId: ca.certificate.facts.subjectKeyId,
      nameConstraints: undefined,
      unknownCritical: [],
    });
    expect(facts.altNames.map((name) => `${name.kind} ${name.value}`)).toEqual([
      'dns a.test',
      'uri spiffe://td/a',
      'ip 10.1.2.3',
      'ip fd00::1',
      'email a@a.test',
    ]);
    expect(structuredClone(facts)).toEqual(facts);
    expect(labelOf(facts)).toBe(`CN=leaf, O=meshdev (${facts.fingerprint.slice(0, 8)}…)`);
  });

  it('tells CAs and their depth', async () => {
    const facts = async (pathLength: number | undefined) =>
      (await makeCa('ca', undefined, { ca: { pathLength } })).certificate.facts;
    expect(await facts(0)).toMatchObject({
      ca: true,
      pathLength: 0,
      selfIssued: true,
      keyUsage: ['keyCertSign', 'cRLSign'],
    });
    expect(await facts(3)).toMatchObject({ ca: true, pathLength: 3 });
    expect(await facts(undefined)).toMatchObject({ ca: true, pathLength: undefined });
  });

  it.each(['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'says of %j that it cannot be read',
    (text) => {
      expect(() => parseCertificate(text)).toThrow(
        expect.objectContaining({ code: 'CERTIFICATE_UNREADABLE' }),
      );
    },
  );
});
