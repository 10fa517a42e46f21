import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where tests keep what they fetched, apart from what meshdev itself keeps. */
export function testCache(name: string): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshdev-test', name);
}
