import { craftCa } from '../craft.ts';
import {
  type Attribute,
  bmp,
  ia5,
  nameOf,
  plainName,
  printable,
  sequence,
  setOf,
  attribute,
  utf8,
} from '../der-parts.ts';
import { altNames, general, nameConstraints } from '../extensions.ts';
import { ecKey } from '../signatures.ts';
import { type ChainCase, leaf, root } from './chain-case.ts';

/** A name as it stands in a certificate: among the alternative names, or as the subject. */
type Name = { readonly san: Buffer } | { readonly subject: Buffer };

interface Kind {
  readonly limits: Readonly<Record<string, Buffer>>;
  readonly names: Readonly<Record<string, Name>>;
}

const each = <T>(make: (text: string) => T, texts: readonly string[]): Readonly<Record<string, T>> =>
  Object.fromEntries(texts.map((text) => [text, make(text)]));

const dns = (text: string): Name => ({ san: general.dns(text) });
const email = (text: string): Name => ({ san: general.email(text) });
const uri = (text: string): Name => ({ san: general.uri(text) });
const ip = (...octets: readonly number[]): Name => ({ san: general.ip(...octets) });
const subject = (name: Buffer): Name => ({ subject: name });

const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);
const acme = (...more: readonly Attribute[]): Buffer =>
  nameOf(['C', printable('DE')], ['O', utf8('Acme')], ...more);

/** Each limit of a kind, permitted and excluded, meets each name of that kind. */
const KINDS: Readonly<Record<string, Kind>> = {
  dns: {
    limits: each(general.dns, [
      'a.test',
      '.a.test',
      '',
      'A.TEST',
      'b.a.test',
      '*.a.test',
      'a.test.',
      'test',
      'a..test',
    ]),
    names: {
      ...each(dns, [
        'a.test',
        'b.a.test',
        'c.b.a.test',
        'xa.test',
        '*.a.test',
        '*.b.a.test',
        '*.test',
        'A.Test',
      ]),
      ...each(dns, ['a.test.', 'other.test', '.a.test', 'a\0.test', 'ä.a.test']),
    },
  },
  email: {
    limits: each(general.email, ['a.test', '.a.test', 'u@a.test', 'U@a.test', 'u@A.TEST', '', '@a.test']),
    names: {
      ...each(email, [
        'u@a.test',
        'U@a.test',
        'u@b.a.test',
        'u@A.TEST',
        'v@a.test',
        'u',
        '@a.test',
        'u@v@a.test',
      ]),
      ...each(email, ['"u@x"@a.test', 'u@a.test.', 'u@other.test']),
      'u@a.test in the subject': subject(nameOf(['CN', utf8('leaf')], ['emailAddress', ia5('u@a.test')])),
      'u@other.test in the subject': subject(
        nameOf(['CN', utf8('leaf')], ['emailAddress', ia5('u@other.test')]),
      ),
    },
  },
  uri: {
    limits: each(general.uri, [
      'a.test',
      '.a.test',
      '',
      'A.TEST',
      '10.0.0.1',
      'https://a.test',
      'a.test:8443',
    ]),
    names: {
      ...each(uri, [
        'https://a.test/',
        'spiffe://a.test/ns/x',
        'spiffe://x@a.test/ns/x',
        'https://u:p@a.test/',
      ]),
      ...each(uri, [
        'https://a.test:8443/',
        'https://b.a.test',
        'https://A.TEST/',
        'https://other.test/a.test',
      ]),
      ...each(uri, [
        'https://a.test@other.test/',
        'urn:x:y',
        'mailto:u@a.test',
        'https:///path',
        '//a.test/x',
      ]),
      ...each(uri, [
        'a.test',
        'https://10.0.0.1/',
        'https://[::1]/',
        'https://a.test.',
        'https://a.test\\.other.test/',
      ]),
    },
  },
  ip: {
    limits: {
      '10.0.0.0/8': general.ip(10, 0, 0, 0, 255, 0, 0, 0),
      '10.1.2.3/8': general.ip(10, 1, 2, 3, 255, 0, 0, 0),
      '0.0.0.0/0': general.ip(...zeros(8)),
      '10.0.0.0 with holes': general.ip(10, 0, 0, 0, 255, 0, 255, 0),
      '11.0.0.0 with holes': general.ip(11, 0, 0, 0, 255, 0, 255, 0),
      'five octets': general.ip(10, 0, 0, 0, 255),
      'an address alone': general.ip(10, 1, 2, 3),
      '::/0': general.ip(...zeros(32)),
      'fd00::/8': general.ip(0xfd, ...zeros(15), 0xff, ...zeros(15)),
      '::ffff:0:0/96': general.ip(
        ...zeros(10),
        255,
        255,
        ...zeros(4),
        ...Array.from({ length: 12 }, () => 255),
        ...zeros(4),
      ),
    },
    names: {
      '10.1.2.3': ip(10, 1, 2, 3),
      '11.0.0.1': ip(11, 0, 0, 1),
      '::1': ip(...zeros(15), 1),
      'fd00::1': ip(0xfd, ...zeros(14), 1),
      '::ffff:10.1.2.3': ip(...zeros(10), 255, 255, 10, 1, 2, 3),
      'five octets': ip(10, 1, 2, 3, 4),
    },
  },
  directory: {
    limits: {
      'C=DE, O=Acme': general.directory(acme()),
      'C=DE, O=ACME as printable': general.directory(
        nameOf(['C', printable('DE')], ['O', printable('ACME')]),
      ),
      'O=Acme alone': general.directory(nameOf(['O', utf8('Acme')])),
      everybody: general.directory(sequence()),
      'C=DE, O=Acme, CN=leaf': general.directory(acme(['CN', utf8('leaf')])),
    },
    names: {
      'C=DE, O=Acme, CN=leaf': subject(acme(['CN', utf8('leaf')])),
      'C=DE, O=acme as printable': subject(
        nameOf(['C', printable('DE')], ['O', printable('acme')], ['CN', utf8('leaf')]),
      ),
      'C=DE, O=Acme with spaces': subject(
        nameOf(['C', printable('DE')], ['O', utf8('  Acme ')], ['CN', utf8('leaf')]),
      ),
      'C=DE, O=Acme as BMPString': subject(
        nameOf(['C', printable('DE')], ['O', bmp('Acme')], ['CN', utf8('leaf')]),
      ),
      'C=DE, O=Acme+OU=x': subject(
        sequence(
          setOf(attribute('C', printable('DE'))),
          setOf(attribute('O', utf8('Acme')), attribute('OU', utf8('x'))),
        ),
      ),
      'O=Acme, C=DE': subject(nameOf(['O', utf8('Acme')], ['C', printable('DE')])),
      'C=DE, O=Other': subject(nameOf(['C', printable('DE')], ['O', utf8('Other')])),
      'no subject': subject(sequence()),
      'C=DE, O=Acme as SAN': { san: general.directory(acme(['CN', utf8('x')])) },
      'C=DE, O=Other as SAN': {
        san: general.directory(nameOf(['C', printable('DE')], ['O', utf8('Other')])),
      },
    },
  },
  other: {
    limits: {
      'an other name': general.other('1.3.6.1.4.1.311.20.2.3', utf8('u@a.test')),
      'a registered id': general.registeredId('1.2.3.4'),
      'an X.400 address': general.x400(),
      'an EDI party': general.ediParty(utf8('x')),
    },
    names: {
      'an other name': { san: general.other('1.3.6.1.4.1.311.20.2.3', utf8('u@a.test')) },
      'a registered id': { san: general.registeredId('1.2.3.4') },
      'an X.400 address': { san: general.x400() },
      'an EDI party': { san: general.ediParty(utf8('x')) },
      'a DNS name': dns('a.test'),
    },
  },
};

const ROOT_KEY = ecKey();
const LEAF_KEY = ecKey();

/** Name constraints × names: what a CA may certify, on all kinds of names. */
export function nameCases(): readonly ChainCase[] {
  const anchor = root({ key: ROOT_KEY });
  return Object.entries(KINDS).flatMap(([kind, { limits, names }]) =>
    Object.entries(limits).flatMap(([limit, der]) =>
      ['permitted', 'excluded'].flatMap((list) => {
        const extension = list === 'permitted' ? nameConstraints([der]) : nameConstraints(undefined, [der]);
        const ca = craftCa({ subject: plainName('limited') }, anchor, [extension]);
        return Object.entries(names).map(([text, name]) => ({
          id: `${kind} ${list} ${JSON.stringify(limit)}: ${JSON.stringify(text)}`,
          presented: [leaf(ca, { key: LEAF_KEY, ...partsOf(name) }, extensionsOf(name)), ca],
          anchors: [anchor],
        }));
      }),
    ),
  );
}

function partsOf(name: Name): { subject: Buffer } {
  return { subject: 'subject' in name ? name.subject : plainName('leaf') };
}

function extensionsOf(name: Name): readonly Buffer[] {
  if ('san' in name) return [altNames([name.san])];
  // RFC 5280 §4.1.2.6: without a subject the alternative names are critical.
  return [altNames([general.dns('a.test')], name.subject.equals(sequence()))];
}
