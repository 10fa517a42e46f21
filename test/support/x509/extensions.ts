import { bitString, boolean, integerOf, octetString, oid, sequence, tagged, wrapped } from './der-parts.ts';

export const OID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  altNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlPoints: '2.5.29.31',
  policies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyId: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  anyPolicy: '2.5.29.32.0',
  anyPurpose: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** @param critical `false` leaves the field out, as DER wants it */
export function extension(type: string, critical: boolean, content: Uint8Array): Buffer {
  return sequence(oid(type), ...(critical ? [boolean(0xff)] : []), octetString(content));
}

export function basicConstraints(ca: boolean, pathLength?: Uint8Array, critical = true): Buffer {
  const parts = [
    ...(ca ? [boolean(0xff)] : []),
    ...(pathLength === undefined ? [] : [integerOf(pathLength)]),
  ];
  return extension(OID.basicConstraints, critical, sequence(...parts));
}

/** @param bits first octet of the bit string: 0x80 digitalSignature, 0x20 keyEncipherment, 0x04 keyCertSign, 0x02 cRLSign */
export function keyUsage(bits: number, critical = true): Buffer {
  const unused = bits === 0 ? 0 : Math.log2(bits & -bits);
  return extension(OID.keyUsage, critical, bitString(Buffer.from(bits === 0 ? [] : [bits]), unused));
}

export function purposes(...types: readonly string[]): Buffer {
  return extension(OID.extendedKeyUsage, false, sequence(...types.map(oid)));
}

/** General names as DER, by RFC 5280 §4.2.1.6. */
export const general = {
  other: (type: string, value: Uint8Array): Buffer => wrapped(0, oid(type), wrapped(0, value)),
  email: (text: string): Buffer => tagged(1, Buffer.from(text, 'latin1')),
  dns: (text: string): Buffer => tagged(2, Buffer.from(text, 'latin1')),
  x400: (): Buffer => wrapped(3, sequence()),
  directory: (name: Uint8Array): Buffer => wrapped(4, name),
  ediParty: (text: Uint8Array): Buffer => wrapped(5, wrapped(1, text)),
  uri: (text: string): Buffer => tagged(6, Buffer.from(text, 'latin1')),
  ip: (...octets: readonly number[]): Buffer => tagged(7, Buffer.from(octets)),
  registeredId: (type: string): Buffer => tagged(8, oid(type).subarray(2)),
} as const;

export function altNames(names: readonly Uint8Array[], critical = false): Buffer {
  return extension(OID.altNames, critical, sequence(...names));
}

/** `undefined` leaves a list out; an empty list stands there as an empty one. */
export function nameConstraints(
  permitted: readonly Uint8Array[] | undefined,
  excluded?: readonly Uint8Array[],
  critical = true,
): Buffer {
  const list = (number: number, names: readonly Uint8Array[] | undefined): readonly Buffer[] =>
    names === undefined ? [] : [wrapped(number, ...names.map((name) => sequence(name)))];
  return extension(OID.nameConstraints, critical, sequence(...list(0, permitted), ...list(1, excluded)));
}

export function policies(types: readonly string[], critical = false): Buffer {
  return extension(OID.policies, critical, sequence(...types.map((type) => sequence(oid(type)))));
}

export function policyMappings(...pairs: readonly (readonly [string, string])[]): Buffer {
  return extension(OID.policyMappings, true, sequence(...pairs.map((pair) => sequence(...pair.map(oid)))));
}

/** @param numbers `requireExplicitPolicy` under 0, `inhibitPolicyMapping` under 1 */
export function policyConstraints(numbers: { readonly 0?: number; readonly 1?: number }): Buffer {
  const parts = Object.entries(numbers).map(([number, skip]) =>
    tagged(Number(number), Buffer.from([skip & 0xff])),
  );
  return extension(OID.policyConstraints, true, sequence(...parts));
}

export function inhibitAnyPolicy(skip: number): Buffer {
  return extension(OID.inhibitAnyPolicy, true, integerOf(Buffer.from([skip & 0xff])));
}

export function subjectKeyId(id: Uint8Array, critical = false): Buffer {
  return extension(OID.subjectKeyId, critical, octetString(id));
}

export function authorityKeyId(id: Uint8Array, critical = false): Buffer {
  return extension(OID.authorityKeyId, critical, sequence(tagged(0, id)));
}
