import { APP_ID } from '../../sample/names.ts';
import type { OpenRoute, RouteAnswer } from '../../evidence/open-routes.ts';
import { type Proxies, type ProxySeen, proxyOf, type VirtualHost } from '../../evidence/proxies.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { DECOY_PREFIX } from '../../mesh/manifests/names.ts';
import { SERVICE_PORT } from '../../sample/services.ts';
import { parseProxyLog } from '../../records/proxy-record.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { Lab } from '../../topology/lab.ts';
import { edgeRequest } from '../../edge/edge-request.ts';
import { edgeAccess } from '../edge/edge-access.ts';
import { newAgent } from '../requests/to-traced-request.ts';
import type { Needs } from '../probe-context.ts';

/** One after another beyond that: each route is somebody's app. */
const AT_ONCE = 8;
/** Proxies write their logs every 100 ms. */
const PATIENCE_MS = 5_000;

/** Asks for every route of the running gateway that the plan does not explain, from outside and without a token. */
export async function collectOpenRoutes(
  probeContext: Needs<'context' | 'keys' | 'componentLogs' | 'signal'>,
  proxies: () => Promise<Proxies>,
): Promise<readonly OpenRoute[]> {
  const gateway = proxyOf(await proxies(), 'gateway');
  if (gateway === undefined) throw new Error('the routes of the proxy of the gateway could not be read');
  const waiting = unexplained(gateway, probeContext.context.lab);
  const found: OpenRoute[] = [];
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    const asked = waiting.slice(at, at + AT_ONCE).map((route) => askRoute(probeContext, route));
    found.push(...(await Promise.all(asked)));
  }
  return found;
}

type Route = VirtualHost['routes'][number];

/** A route under a name that the edge hands to the gateway. */
export type Reached = Route & { readonly host: string };

/**
 * Pure: the routes that are neither the plan's nor of a decoy of this moment, under the names that the edge serves.
 * The plan has one: everything of the public host goes to the sample app, unchanged.
 */
export function unexplained({ routes }: Pick<ProxySeen, 'routes'>, lab: Lab): readonly Reached[] {
  const { namespace, serviceAccount } = lab.workloads[APP_ID];
  const cluster = `outbound|${SERVICE_PORT}||${serviceAccount}.${namespace}.svc.cluster.local`;
  const isPlanned = (route: Route): boolean =>
    route.cluster === cluster &&
    route.path === '/' &&
    (route.rule === undefined || route.rule === `VirtualService ${namespace}/${APP_ID}`) &&
    route.rewritesPath === undefined &&
    route.rewritesHost === undefined;
  const served = routes
    .flatMap(({ hosts }) => hosts)
    .filter(({ domains }) => domains.some((domain) => isServed(domain, lab)));
  return served.flatMap((host) =>
    host.routes
      .filter((route) => route.cluster !== undefined && route.cluster !== BLACK_HOLE && !isPlanned(route))
      .map((route) => ({ ...route, host: lab.hosts[APP_ID] })),
  );
}

/** Where istiod sends what leads nowhere. */
const BLACK_HOLE = 'BlackHoleCluster';

/** Domains of Envoy: a name, `*.zone` or `*`, with or without a port. */
function isServed(domain: string, { hosts: { [APP_ID]: app } }: Lab): boolean {
  const name = domain.replace(/:(\d+|\*)$/, '');
  if (name.startsWith(DECOY_PREFIX)) return false;
  return name === '*' || name === app || (name.startsWith('*.') && app.endsWith(name.slice(1)));
}

async function askRoute(
  probeContext: Needs<'context' | 'keys' | 'componentLogs' | 'signal'>,
  { rule, host, ...route }: Reached,
): Promise<OpenRoute> {
  const { lab } = probeContext.context;
  if (!route.path.startsWith('/'))
    return {
      rule,
      url: `${host} ${route.path}`,
      answer: { kind: 'not-asked', because: 'meshdev has no request for its match' },
    };
  const url = new URL(route.path, lab.audience);
  return { rule, url: url.href, answer: await ask(probeContext, url) };
}

async function ask(
  probeContext: Needs<'context' | 'keys' | 'componentLogs' | 'signal'>,
  url: URL,
): Promise<RouteAnswer> {
  const agent = newAgent();
  try {
    const { status, body } = await edgeRequest(edgeAccess(probeContext), url, {
      method: 'GET',
      headers: { 'user-agent': agent },
    });
    return {
      kind: 'answered',
      status,
      upstream: await upstreamOf(probeContext, agent),
      body: body.slice(0, 200),
    };
  } catch (thrown) {
    return { kind: 'silent', because: textOf(thrown) };
  }
}

/** Whom the gateway handed the request to. */
async function upstreamOf(
  { componentLogs, signal }: Needs<'componentLogs' | 'signal'>,
  agent: string,
): Promise<string | undefined> {
  const look = () =>
    parseProxyLog(
      componentLogs
        .of('gateway')
        .filter((line) => line.includes(agent))
        .join('\n'),
    )[0];
  const record = await lookUntil(look, (seen) => seen !== undefined, {
    timeoutMs: PATIENCE_MS,
    intervalMs: 50,
    signal,
  });
  if (record === undefined) throw new Error('the gateway has no record of the request');
  return record.upstream_host;
}
