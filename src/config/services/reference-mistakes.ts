import { orElse } from '../meant.ts';
import type { Problem } from '../problem.ts';
import type { Draft, Named, ServiceDraft } from './draft.ts';
import { personasIn } from './personas.ts';

/** Services, roles and users that do not exist, and dependencies that lead back to where they began. */
export function referenceMistakes(draft: Draft): readonly Problem[] {
  const ids = draft.services.map(({ id }) => id);
  const personas = personasIn(draft);
  const users = personas.map(({ name }) => name);
  const roles = [...new Set(personas.flatMap((persona) => persona.roles))];
  return [
    ...draft.services.flatMap(({ id, rules, dependsOn, check, path }) => [
      ...rules.flatMap((rule) => [
        ...missing(rule.from, ids, 'service', 'no service'),
        ...missing(rule.roles, roles, 'user with the role', 'no role'),
        ...missing(rule.users, users, 'user', 'no user'),
      ]),
      ...missing(
        dependsOn.filter(({ name }) => name !== id),
        ids.filter((other) => other !== id),
        'service',
        'no other service',
      ),
      ...missing(
        check?.as === undefined ? [] : [{ name: check.as, path: [...path, 'check', 'as'] }],
        users,
        'user',
        'no user',
      ),
    ]),
    ...cycles(draft.services),
  ];
}

function missing(
  named: readonly Named[],
  known: readonly string[],
  what: string,
  none: string,
): readonly Problem[] {
  return named
    .filter(({ name }) => !known.includes(name))
    .map(({ name, path }) => ({
      path,
      message: `there is no ${what} ${name}${orElse(name, known, `there is ${none}`)}`,
    }));
}

/** Each circle once, at the entry that closes it. */
function cycles(services: readonly ServiceDraft[]): readonly Problem[] {
  const found: Problem[] = [];
  const done = new Set<string>();
  const follow = (service: ServiceDraft, above: readonly string[]): void => {
    const way = [...above, service.id];
    for (const { name, path } of service.dependsOn) {
      if (way.includes(name)) {
        const circle = [...way.slice(way.indexOf(name)), name];
        found.push({ path, message: `is a circle: ${circle.join(' → ')}` });
        continue;
      }
      const next = services.find(({ id }) => id === name);
      if (next !== undefined && !done.has(name)) follow(next, way);
    }
    done.add(service.id);
  };
  for (const service of services) if (!done.has(service.id)) follow(service, []);
  return found;
}
