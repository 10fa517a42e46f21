import { type Crafted, craft, craftCa, type Parts } from '../craft.ts';
import { plainName } from '../der-parts.ts';
import { altNames, general, keyUsage, OID, purposes } from '../extensions.ts';

/** One chain that every verifier is asked about, as server, at the moment of all crafted chains. */
export interface ChainCase {
  /** `<subject>: <what is special>`; unique. */
  readonly id: string;
  /** Leaf first. */
  readonly presented: readonly Crafted[];
  readonly anchors: readonly Crafted[];
  /** Asked for by this name; left out where only the chain matters. */
  readonly host?: string;
}

export const HOST = 'a.test';

/** What every honest leaf says but for its names. */
export const SERVER = [keyUsage(0x80), purposes(OID.serverAuth)] as const;

export function root(parts: Parts = {}, more: readonly Buffer[] = []): Crafted {
  return craftCa({ subject: plainName('root'), from: -10, until: 300, ...parts }, undefined, more);
}

/** @param more extensions beside key usage and purpose; the name is `a.test` unless a SAN is among them */
export function leaf(
  issuer: Crafted,
  parts: Parts = {},
  more: readonly Buffer[] = [altNames([general.dns(HOST)])],
): Crafted {
  return craft({ subject: plainName('leaf'), extensions: [...SERVER, ...more], ...parts }, issuer);
}
