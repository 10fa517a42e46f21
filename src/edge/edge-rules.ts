import { type JsonObject, isObject } from '../guest/shape.ts';

/** One thing that Caddy does by its configuration. */
export interface EdgeRule {
  /** `requests for a.test that match {"path":["/x"]}`; empty: for the whole of Caddy. */
  readonly where: string;
  /** It holds for a part of the requests only. */
  readonly conditional: boolean;
  readonly does:
    | { readonly kind: 'listen' | 'forward' | 'answer' | 'remove-header' | 'other'; readonly value: string }
    | { readonly kind: 'set-header' | 'setting'; readonly value: string; readonly name: string };
}

interface Place {
  readonly hosts: readonly string[];
  readonly conditions: readonly string[];
  /** Of the routes that are taken after an error. */
  readonly afterError: boolean;
}

const EVERYWHERE: Place = { hosts: [], conditions: [], afterError: false };

/** All that a configuration makes Caddy do, in Caddy’s JSON; the order of routes is left out. Pure. */
export function rulesOf(config: unknown): readonly EdgeRule[] {
  const { apps, ...rest } = objectOf(config);
  const { http, ...otherApps } = objectOf(apps);
  const { servers, ...otherHttp } = objectOf(http);
  return [
    ...Object.values(objectOf(servers)).flatMap(rulesOfServer),
    ...settings(otherHttp, 'http'),
    ...settings(otherApps, ''),
    ...settings(rest, ''),
  ];
}

function rulesOfServer(server: unknown): readonly EdgeRule[] {
  const { listen, routes, errors, ...rest } = objectOf(server);
  return [
    ...listOf(listen).map((address) => rule(EVERYWHERE, { kind: 'listen', value: textOf(address) })),
    ...listOf(routes).flatMap((route) => rulesOfRoute(route, EVERYWHERE)),
    ...listOf(objectOf(errors)['routes']).flatMap((route) =>
      rulesOfRoute(route, { ...EVERYWHERE, afterError: true }),
    ),
    ...settings(rest, 'server'),
  ];
}

function rulesOfRoute(route: unknown, place: Place): readonly EdgeRule[] {
  const { match, handle } = objectOf(route);
  const sets = listOf(match).map(objectOf);
  const hosts = sets.flatMap(({ host }) => listOf(host).map(textOf));
  const conditions = sets
    .map(({ host: _host, ...condition }) => condition)
    .filter((condition) => Object.keys(condition).length > 0)
    .map(textOf);
  const inside: Place = {
    ...place,
    hosts: hosts.length === 0 ? place.hosts : hosts,
    conditions: [...place.conditions, ...(conditions.length === 0 ? [] : [conditions.join(' or ')])],
  };
  return listOf(handle).flatMap((handler) => rulesOfHandler(objectOf(handler), inside));
}

function rulesOfHandler(handler: JsonObject, place: Place): readonly EdgeRule[] {
  const { handler: name, ...rest } = handler;
  switch (name) {
    case 'subroute':
      return listOf(rest['routes']).flatMap((route) => rulesOfRoute(route, place));
    case 'reverse_proxy': {
      const { upstreams, headers, ...more } = rest;
      return [
        ...listOf(upstreams).map((upstream) =>
          rule(place, { kind: 'forward', value: textOf(objectOf(upstream)['dial']) }),
        ),
        ...headerRules(objectOf(headers), place),
        ...settings(more, 'reverse_proxy', place),
      ];
    }
    case 'headers':
      return headerRules(rest, place);
    case 'static_response':
      return [rule(place, { kind: 'answer', value: textOf(rest) })];
    default:
      return [rule(place, { kind: 'other', value: textOf(handler) })];
  }
}

function headerRules({ request, ...rest }: JsonObject, place: Place): readonly EdgeRule[] {
  const { delete: removed, set, ...more } = objectOf(request);
  return [
    ...listOf(removed).map((name) => rule(place, { kind: 'remove-header', value: textOf(name) })),
    ...Object.entries(objectOf(set)).map(([name, value]) =>
      rule(place, { kind: 'set-header', name, value: listOf(value).map(textOf).join(', ') }),
    ),
    ...settings(more, 'request headers', place),
    ...settings(rest, 'headers', place),
  ];
}

/** Every value with the path that leads to it; lists of texts are values. */
function settings(value: JsonObject, path: string, place: Place = EVERYWHERE): readonly EdgeRule[] {
  return Object.entries(value).flatMap(([key, inner]): readonly EdgeRule[] => {
    const name = path === '' ? key : `${path}.${key}`;
    return isObject(inner)
      ? settings(inner, name, place)
      : [rule(place, { kind: 'setting', name, value: textOf(inner) })];
  });
}

function rule({ hosts, conditions, afterError }: Place, does: EdgeRule['does']): EdgeRule {
  const which = [
    ...(afterError ? ['after an error'] : []),
    ...(hosts.length === 0 ? [] : [`for ${hosts.join(', ')}`]),
    ...(conditions.length === 0 ? [] : [`that match ${conditions.join(' and ')}`]),
  ];
  return {
    where: which.length === 0 ? '' : `requests ${which.join(' ')}`,
    conditional: conditions.length > 0,
    does,
  };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
