import type { KubeObject } from '../../ports/cluster.ts';
import type { ServiceId } from '../../topology/service.ts';
import type { ServiceValues } from '../services/service-schema.ts';
import { factsOf, type ManifestFacts, type WantedService } from './manifest-facts.ts';
import { neverMatches } from '../../mesh/never-matches.ts';
import type { ManifestObject, ManifestProblem } from './manifest-object.ts';
import { withOneOwner } from './one-owner.ts';
import { type ManifestText, parseManifests } from './parse-manifests.ts';
import { inNamespace } from './scope.ts';
import { whatTheyBring } from './what-they-bring.ts';

/** What a service of `manifests` puts into the cluster. */
export interface ManifestSet {
  /** As they are applied, but for the labels of the lab. May hold secrets: show no values. */
  readonly objects: readonly KubeObject[];
  /** Those that reach beyond the service. */
  readonly brings: readonly string[];
}

/** What the manifests of all services come to. */
export interface UnderstoodManifests {
  readonly facts: ReadonlyMap<ServiceId, ManifestFacts>;
  readonly sets: ReadonlyMap<ServiceId, ManifestSet>;
  /** With one of them nothing of the rest is used. */
  readonly problems: readonly ManifestProblem[];
}

/** The texts of the manifests of one service. */
export interface ServiceTexts {
  readonly id: ServiceId;
  readonly values: ServiceValues;
  readonly texts: readonly ManifestText[];
}

/**
 * Facts, objects and mistakes of the manifests of all services. Pure.
 * @param namespace of objects that name none, where meshdev.yaml names none either
 */
export function understandManifests(
  services: readonly ServiceTexts[],
  namespace: string,
): UnderstoodManifests {
  const read = services.map(({ id, values, texts }) => {
    const parsed = texts.map(parseManifests);
    const objects = inNamespace(
      parsed.flatMap((each) => each.objects),
      values.namespace ?? namespace,
    );
    const unreadable = parsed.flatMap(({ problems }) =>
      problems.map((problem) => ({ service: id, ...problem })),
    );
    // What follows from half of the objects is a guess.
    const { facts, problems } =
      unreadable.length > 0 ? { facts: undefined, problems: [] } : factsOf(wantedOf(id, values), objects);
    const useless = objects.flatMap((each) => uselessIn(id, each));
    return { id, objects, facts, problems: [...unreadable, ...problems, ...useless] };
  });
  const owned = withOneOwner(new Map(read.map(({ id, objects }) => [id, objects])));
  return {
    facts: new Map(read.flatMap(({ id, facts }) => (facts === undefined ? [] : [[id, facts] as const]))),
    sets: new Map(
      read.map(({ id, facts }) => [id, setOf(owned.objects.get(id) ?? [], facts?.namespace ?? namespace)]),
    ),
    problems: [...read.flatMap(({ problems }) => problems), ...owned.problems],
  };
}

function uselessIn(service: string, { object, where }: ManifestObject): readonly ManifestProblem[] {
  return neverMatches(object).map(({ path, said, shouldBe }) => ({
    service,
    at: where(path),
    message: `${object.kind} ${object.metadata.name}: ${said}; write ${shouldBe}`,
  }));
}

function wantedOf(
  id: ServiceId,
  { port = 0, appProtocol = 'http', extraPorts = [] }: ServiceValues,
): WantedService {
  return {
    id,
    port,
    protocol: appProtocol,
    extraPorts: extraPorts.map((extra) => ({ port: extra.port, protocol: extra.appProtocol ?? 'http' })),
  };
}

/** Namespaces are made with the mesh: sidecars are decided when pods are made. */
function setOf(objects: readonly ManifestObject[], namespace: string): ManifestSet {
  return {
    objects: objects.map(({ object }) => object).filter(({ kind }) => kind !== 'Namespace'),
    brings: whatTheyBring(objects, namespace),
  };
}
