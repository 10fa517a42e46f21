import { DEFAULT_CHOICE, createLab } from '../../topology/lab.ts';
import { fullHost } from '../../topology/service-names.ts';
import type { Problem } from '../problem.ts';
import type { Draft, Path, ServiceDraft } from './draft.ts';
import { label, userName } from './words.ts';
import { SAMPLE_IDS } from '../../sample/services.ts';
import { holderOf, namespaceProblem, RESERVED_IDS } from './reserved.ts';

/** Ids, hosts, namespaces and users that somebody has already. */
export function nameMistakes(draft: Draft): readonly Problem[] {
  return [
    ...draft.services.flatMap((service) => [
      ...nameProblem(label, service.id, service.path),
      ...reservedId(draft, service),
      ...hostOf(draft, service),
      ...namespaceOf(service),
    ]),
    ...hostsTwice(draft),
    ...draft.users.flatMap((user) => [
      ...nameProblem(userName, user.name, user.path),
      ...userProblem(draft, user),
    ]),
  ];
}

function nameProblem(name: typeof label, given: string, path: Path): readonly Problem[] {
  const read = name.safeParse(given);
  return read.success ? [] : [{ path, on: 'key', message: read.error.issues[0]?.message ?? '' }];
}

function reservedId({ sample }: Draft, { id, path }: ServiceDraft): readonly Problem[] {
  if (RESERVED_IDS.includes(id))
    return [{ path, on: 'key', message: `${id} is reserved: a component of the lab has this name` }];
  if (sample && SAMPLE_IDS.some((sampleId) => sampleId === id))
    return [{ path, on: 'key', message: `${id} is reserved for the sample service; sample: false frees it` }];
  return [];
}

function hostOf({ zone, sample }: Draft, { host, path }: ServiceDraft): readonly Problem[] {
  if (host === undefined) return [];
  const at = [...path, 'host'];
  const full = fullHost(host, zone);
  if (!full.endsWith(`.${zone}`)) return [{ path: at, message: `${host} is outside of the zone ${zone}` }];
  const holder = holderOf(full, zone, sample);
  return holder === undefined ? [] : [{ path: at, message: `${full} is the name of ${holder}` }];
}

function hostsTwice({ services, zone, sample }: Draft): readonly Problem[] {
  const exposed = services.flatMap(({ id, host, path }) =>
    host === undefined ? [] : [{ id, path: [...path, 'host'], full: fullHost(host, zone) }],
  );
  return exposed.flatMap(({ full, path }, at) => {
    const first = exposed.slice(0, at).find((other) => other.full === full);
    return first === undefined || holderOf(full, zone, sample) !== undefined
      ? []
      : [{ path, message: `${full} is the host of ${first.id} already` }];
  });
}

function namespaceOf({ namespace, path }: ServiceDraft): readonly Problem[] {
  const message = namespace === undefined ? undefined : namespaceProblem(namespace);
  return message === undefined ? [] : [{ path: [...path, 'namespace'], message }];
}

function userProblem({ sample }: Draft, { name, path, roles }: Draft['users'][number]): readonly Problem[] {
  const { users, clients } = createLab(DEFAULT_CHOICE);
  if (name === 'nobody' || Object.values(clients).includes(name))
    return [{ path, on: 'key', message: `${name} is reserved` }];
  const own = sample ? users.find((user) => user.name === name) : undefined;
  if (own === undefined || isSameSet(own.roles, roles)) return [];
  const has = own.roles.length === 0 ? 'no role' : `the role ${own.roles.join(', ')}`;
  return [
    {
      path,
      on: 'key',
      message: `the sample has a user ${name} with ${has}; give the same roles, another name, or sample: false`,
    },
  ];
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
