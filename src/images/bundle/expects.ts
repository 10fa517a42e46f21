import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Profile } from '../../profiles.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';

/**
 * What a meshdev and the images that it runs must agree on: the references that its manifests name, and
 * the code that it talks to inside containers. The same version from another checkout has the same.
 * @param guestDir compiled code that runs inside containers: dist/guest
 * @param profile what the images bring: those of the projects have other versions than ours
 */
export async function expectations(
  guestDir: string,
  { versions }: Pick<Profile, 'versions'>,
): Promise<Readonly<Record<string, string>>> {
  return {
    kubernetes: versions.kubernetes,
    istio: `${IN_CLUSTER_IMAGES.istioHub}:${IN_CLUSTER_IMAGES.istioTag} ${versions.istio}`,
    httpbin: IN_CLUSTER_IMAGES.httpbin,
    'guest code': await digestOfScripts(guestDir),
  };
}

async function digestOfScripts(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const path of paths.toSorted()) {
    // Separators of the host, and lengths that cannot run into each other.
    const content = await readFile(path);
    hash.update(`${relative(dir, path).replaceAll('\\', '/')} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}
