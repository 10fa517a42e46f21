import { MeshdevError } from '../errors/meshdev-error.ts';
import { didYouMean, nearest } from '../nearest.ts';
import type { Lab } from '../topology/lab.ts';
import { type Service, type ServiceId, ownServices } from '../topology/service.ts';
import { categoryOf } from './categories.ts';
import type { AnyCheck } from './check.ts';
import { servicesInScope } from './subjects.ts';

/** One selector as it was written, and what of the catalogue it means. */
export interface Selected {
  readonly selector: string;
  readonly checks: readonly AnyCheck[];
  /** Only what is judged of this service; undefined where none is named. */
  readonly service: ServiceId | undefined;
  /** Only this case of its one check. */
  readonly oneCase: string | undefined;
}

/**
 * What a selector means: an id, case, category or hop, and of a check that is judged of services also
 * `MD-JWT-010[orders]` and `MD-JWT-010[orders/alg-none]`.
 * @param services of the lab; undefined while it is not known which there are, and then brackets hold a case
 * @throws MeshdevError USAGE naming the selector that selects nothing, and what is spelt like it
 */
export function readSelector(
  catalogue: readonly AnyCheck[],
  selector: string,
  services: readonly Service[] | undefined,
): Selected {
  const [, name = '', inside] = /^(.*?)(?:\[([^\]]+)\])?$/s.exec(selector.toLowerCase()) ?? [];
  const wanted = name.replace(/^md-(?=[a-z]+$)/, '');
  const checks = catalogue.filter(({ id, hop }) => {
    const names = inside === undefined ? [categoryOf({ id }).toLowerCase(), hop.toLowerCase()] : [];
    return [id.toLowerCase(), ...names].includes(wanted);
  });
  const [check] = checks;
  if (check === undefined) throw notFound(catalogue, selector);
  if (inside === undefined) return { selector, checks, service: undefined, oneCase: undefined };
  return { selector, checks, ...readCase(check, inside, services) };
}

function readCase(
  check: AnyCheck,
  inside: string,
  services: readonly Service[] | undefined,
): Pick<Selected, 'service' | 'oneCase'> {
  const [head = '', ...rest] = inside.split('/');
  const oneCase = rest.length === 0 ? undefined : rest.join('/');
  if (services !== undefined && servicesInScope(check, services).some(({ id }) => id === head))
    return { service: head, oneCase };
  // A case of the lab has no slash.
  if (services === undefined || oneCase === undefined) return { service: undefined, oneCase: inside };
  if (!services.some(({ id }) => id === head)) throw noService(head, services);
  throw new MeshdevError('USAGE', {
    message: `selecting checks: ${check.id} is not judged of service ${head}`,
    remedies: ['meshdev check --list', `meshdev check --service ${head}`],
  });
}

function notFound(catalogue: readonly AnyCheck[], selector: string): MeshdevError {
  const categories = [...new Set(catalogue.map((check) => categoryOf(check).toLowerCase()))];
  const names = [...catalogue.flatMap(({ id, hop }) => [id, hop]), ...categories];
  const near = nearest(selector.replace(/\[.*$/s, ''), names);
  const hint = didYouMean(near) || '.';
  return new MeshdevError('USAGE', {
    message: `selecting checks: no check, category or hop is called ${JSON.stringify(selector)}${hint} The categories are ${categories.join(', ')}`,
    remedies: ['meshdev check --list'],
  });
}

function noService(name: string, services: readonly Service[]): MeshdevError {
  const ids = services.map(({ id }) => id);
  const near = nearest(name, ids);
  const others = ids.length === 0 ? 'none' : ids.join(', ');
  return new MeshdevError('USAGE', {
    message: `selecting services: the lab has no service ${JSON.stringify(name)}${didYouMean(near) || '.'} Its own services are: ${others}`,
    remedies: near.length === 0 ? ['meshdev check'] : near.map((id) => `meshdev check --service ${id}`),
  });
}

/**
 * The services of `--service`, each once.
 * @throws MeshdevError USAGE where the lab has no service of that name, or only its sample has
 */
export function readServices(names: readonly string[], lab: Lab): readonly ServiceId[] {
  const own = ownServices(lab);
  for (const name of names) {
    if (own.some(({ id }) => id === name)) continue;
    if (!lab.services.some(({ id }) => id === name)) throw noService(name, own);
    throw new MeshdevError('USAGE', {
      message: `selecting services: ${name} is a service of the sample, and its results are those of the lab`,
      remedies: ['meshdev check'],
    });
  }
  return [...new Set(names)];
}
