import { childrenOf, countOf, type DerNode, readOnly, TAG } from './der.ts';

/** The fields of a certificate's body that everything else is read from. */
export interface Fields {
  readonly version: DerNode | undefined;
  readonly serial: DerNode;
  readonly issuer: DerNode;
  readonly validity: DerNode;
  readonly subject: DerNode;
  readonly key: DerNode;
  readonly extensions: DerNode | undefined;
}

/** @throws RangeError when one is missing */
export function readFields(body: Buffer): Fields {
  const all = childrenOf(body);
  const version = all[0]?.tag === 0xa0 ? all[0] : undefined;
  // The version is optional, so every later field is counted from the serial number.
  const [serial, , issuer, validity, subject, key] = version === undefined ? all : all.slice(1);
  if (!serial || !issuer || !validity || !subject || !key) throw new RangeError('a field is missing');
  return { version, serial, issuer, validity, subject, key, extensions: all.find(({ tag }) => tag === 0xa3) };
}

const VERSION_3 = 2;
/** RFC 5280 §4.1.2.4–5: UTC to the second, and nothing shorter. */
const TIMES: Readonly<Record<number, RegExp>> = {
  [TAG.utcTime]: /^\d{12}Z$/,
  [TAG.generalizedTime]: /^\d{14}Z$/,
};

/** Rules of RFC 5280 §4.1 that are broken: verifiers refuse such a certificate, or each reads another one. */
export function formFaults({ version, serial, issuer, validity }: Fields): readonly string[] {
  return [
    ...(isVersion3(version) ? [] : ['it is not version 3']),
    ...(isSerial(serial.content) ? [] : [`its serial number is 0x${serial.content.toString('hex')}`]),
    ...(issuer.content.length === 0 ? ['its issuer has no name'] : []),
    ...childrenOf(validity.content)
      .filter(({ tag, content }) => TIMES[tag]?.test(content.toString('latin1')) !== true)
      .map(({ content }) => `it has the time ${JSON.stringify(content.toString('latin1'))}`),
  ];
}

function isVersion3(version: DerNode | undefined): boolean {
  try {
    return version !== undefined && countOf(readOnly(version.content, TAG.integer)) === VERSION_3;
  } catch {
    return false;
  }
}

/** Positive, at most 20 octets. */
function isSerial(octets: Buffer): boolean {
  const [first = 0x80] = octets;
  return octets.length <= 20 && first < 0x80 && octets.some((octet) => octet !== 0);
}
