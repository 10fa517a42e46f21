import type { LookUp } from './evidence/names.ts';

/** Each once, sorted; none where the name is not known. */
export function addressesOf(found: LookUp | undefined): readonly string[] {
  return found !== undefined && 'addresses' in found ? [...new Set(found.addresses)].toSorted() : [];
}

/** What a resolver said, in one phrase. */
export function told(found: LookUp | undefined): string {
  if (found === undefined) return 'not asked for';
  return 'addresses' in found ? found.addresses.join(', ') || 'nothing' : found.error;
}

/** curl tells one address of perhaps several. */
export function sameAnswer(one: LookUp | undefined, other: LookUp | undefined): boolean {
  return addressesOf(one).some((address) => addressesOf(other).includes(address));
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
