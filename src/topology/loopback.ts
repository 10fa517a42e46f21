/** Loopback by definition: browsers and curl know it without asking. */
export function isBelowLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
