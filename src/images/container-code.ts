import { join } from 'node:path';
import { filesBelow, sha256OfFile } from './packages/digest.ts';
import { keyOf } from './packages/keys.ts';

/**
 * Compiled code that runs inside containers: where it is below `dist`, and where it lies in the guest image.
 * Containers of labs that exist name the places in the image, so those stay as they are.
 */
export const CONTAINER_CODE = [
  { dist: 'guest', image: 'guest' },
  { dist: 'agent/program', image: 'guest/probe' },
  { dist: 'agent/rogue-server', image: 'guest/imposter' },
] as const;

/** One file of the code. */
export interface CodeFile {
  /** The path on this machine. */
  readonly from: string;
  /** The path in the image, relative to /opt/meshdev. */
  readonly to: string;
}

/** The code, in the order of the places in the image; none where nothing is compiled. */
export async function containerCode(dist: string): Promise<readonly CodeFile[]> {
  const found = await Promise.all(
    CONTAINER_CODE.map(async ({ dist: dir, image }) =>
      (await filesBelow(join(dist, dir)))
        .filter((file) => file.endsWith('.js') || file.endsWith('.json'))
        .map((file) => ({
          from: join(dist, dir, file),
          // Separators of the host are not those of the image.
          to: `${image}/${file.replaceAll('\\', '/')}`,
        })),
    ),
  );
  return found.flat().toSorted((a, b) => (a.to < b.to ? -1 : 1));
}

/** One digest over the places in the image and the contents. */
export async function digestOfCode(dist: string): Promise<string> {
  const files = await containerCode(dist);
  return keyOf(await Promise.all(files.map(async ({ from, to }) => [to, await sha256OfFile(from)])));
}
