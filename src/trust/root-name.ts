/*
 * The subject of an edge root. It carries the lab, the day and a random mark of its making: two roots of one lab
 * never have the same name, so a verifier that finds an old one in a store does not try it for a new chain.
 */

const PREFIX = 'meshdev edge root';
const MAKING = / \d{4}-\d{2}-\d{2} [0-9a-f]{6}(?=,|$)/;

/** Common name without its making. */
export function edgeRootName(lab: string): string {
  return `${PREFIX} ${lab}`;
}

/** `meshdev edge root demo 2026-12-01 a1b2c3`. @param mark random bytes, three of them are used */
export function madeName(name: string, at: Date, mark: Uint8Array): string {
  return `${name} ${at.toISOString().slice(0, 10)} ${Buffer.from(mark.slice(0, 3)).toString('hex')}`;
}

/** A subject or common name as roots had it before they were named by their making. */
export function withoutMaking(subject: string): string {
  return subject.replace(MAKING, '');
}

/** Which lab an edge root was made for; undefined for every other certificate. @param subject `CN=…, O=…` */
export function labOfRoot(subject: string): string | undefined {
  const match = /^CN=meshdev edge root ([a-z0-9-]+), O=meshdev$/.exec(withoutMaking(subject));
  return match?.[1];
}
