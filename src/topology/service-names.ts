/** One label is a name of the zone; anything else is a full name already. */
export function fullHost(host: string, zone: string): string {
  return host.includes('.') ? host : `${host}.${zone}`;
}
