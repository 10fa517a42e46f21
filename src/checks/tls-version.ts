const ORDER = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** True when the version is known and not below the floor. Names as Node.js and Envoy write them. */
export function meetsFloor(version: string | undefined, floor: 'TLSv1.2' | 'TLSv1.3'): boolean {
  return version !== undefined && ORDER.indexOf(version) >= ORDER.indexOf(floor);
}
