import { readFile } from 'node:fs/promises';
import type { MeshdevError } from '../errors/meshdev-error.ts';
import type { ManifestProblem } from './manifests/manifest-object.ts';
import { inOrder, type Problem } from './problem.ts';
import { invalid, placesOf } from './read.ts';

/**
 * All mistakes of a file and of the manifests that it names: first those of the file, by line, and what is nowhere in
 * the manifests at the key that names them.
 * @returns CONFIG_INVALID
 */
export async function mistakenFiles(
  path: string,
  own: readonly Problem[],
  manifests: readonly ManifestProblem[],
): Promise<MeshdevError> {
  const nowhere = manifests.flatMap(({ service, at, message }) =>
    at === undefined ? [{ path: ['services', service, 'manifests'], message }] : [],
  );
  const problems = [...own, ...nowhere];
  const placed = problems.length === 0 ? [] : inOrder(placesOf(path, await readFile(path, 'utf8')), problems);
  const elsewhere = manifests.flatMap(({ service, at, message }) =>
    at === undefined ? [] : [`${at} services.${service}: ${message}`],
  );
  const remedies = manifests.length === 0 ? undefined : ['meshdev docs services'];
  return invalid([...placed, ...elsewhere], remedies);
}
