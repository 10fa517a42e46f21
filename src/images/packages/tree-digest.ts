import { join } from 'node:path';
import { filesBelow, sha256OfFile } from './digest.ts';
import { keyOf } from './keys.ts';

/** One digest over paths and contents of a directory; an absent one counts as empty. */
export async function digestOfTree(dir: string): Promise<string> {
  const files = await filesBelow(dir);
  return keyOf(await Promise.all(files.map(async (file) => [file, await sha256OfFile(join(dir, file))])));
}
