/** An IPv4 network as numbers: `first` and `last` are its lowest and its highest address. */
export interface Subnet {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** `172.17.0.0/16`; undefined for IPv6 and for what is no network. Pure. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text) ?? [];
  const bytes = (address ?? '').split('.').map(Number);
  const prefix = Number(length);
  if (address === undefined || bytes.some((byte) => byte > 255) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const first = number - (number % size);
  return { first, last: first + size - 1, prefix };
}

/** Whether they have an address in common. Pure. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The subnets of this prefix length that a network is cut into. Pure. */
export function cut({ first, last }: Subnet, prefix: number): readonly Subnet[] {
  const size = 2 ** (32 - prefix);
  const count = Math.floor((last - first + 1) / size);
  return Array.from({ length: count }, (_, index) => ({
    first: first + index * size,
    last: first + (index + 1) * size - 1,
    prefix,
  }));
}

/** In CIDR notation. Pure. */
export function subnetText({ first, prefix }: Subnet): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join('.')}/${prefix}`;
}
