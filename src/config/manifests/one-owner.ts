import { isDeepStrictEqual } from 'node:util';
import { nameOf, refOf } from '../../ports/cluster.ts';
import { identityKey, type ManifestObject, type ManifestProblem } from './manifest-object.ts';

interface Owned {
  readonly objects: ReadonlyMap<string, readonly ManifestObject[]>;
  readonly problems: readonly ManifestProblem[];
}

/**
 * Each object of all manifests once: services may share a file, and the first one owns what is in it. Two objects of
 * one name that differ are a mistake. Pure.
 * @param objects by service, in the order of meshdev.yaml
 */
export function withOneOwner(objects: ReadonlyMap<string, readonly ManifestObject[]>): Owned {
  const first = new Map<string, ManifestObject>();
  const problems: ManifestProblem[] = [];
  const owned = [...objects].map(([service, own]): readonly [string, readonly ManifestObject[]] => [
    service,
    own.filter((each) => {
      const key = identityKey(refOf(each.object));
      const other = first.get(key);
      if (other === undefined) first.set(key, each);
      else if (!isDeepStrictEqual(other.object, each.object))
        problems.push({
          service,
          at: each.where(),
          message: `${nameOf(refOf(each.object))} is at ${other.where()} already, with other contents`,
        });
      return other === undefined;
    }),
  ]);
  return { objects: new Map(owned), problems };
}
