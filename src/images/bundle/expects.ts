import { APP_ID } from '../../sample/names.ts';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Profile } from '../../profiles.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import { containerCode } from '../container-code.ts';

/**
 * What a meshdev and the images that it runs must agree on: the references that its manifests name, and
 * the code that it talks to inside containers. The same version from another checkout has the same.
 * @param dist the compiled package
 * @param profile what the images bring: those of the projects have other versions than ours
 */
export async function expectations(
  dist: string,
  { versions }: Pick<Profile, 'versions'>,
): Promise<Readonly<Record<string, string>>> {
  return {
    kubernetes: versions.kubernetes,
    istio: `${IN_CLUSTER_IMAGES.istioHub}:${IN_CLUSTER_IMAGES.istioTag} ${versions.istio}`,
    [APP_ID]: IN_CLUSTER_IMAGES[APP_ID],
    'guest code': await digestOfScripts(dist),
  };
}

async function digestOfScripts(dist: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { from, to } of await containerCode(dist)) {
    if (!to.endsWith('.js')) continue;
    // With lengths, the contents cannot run into each other.
    const content = await readFile(from);
    hash.update(`${to} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}
