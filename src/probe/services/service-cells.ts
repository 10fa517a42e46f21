import { textOf } from '../../errors/meshdev-error.ts';
import type { JudgedRequest, ServiceCellSeen } from '../../evidence/services/service-cells.ts';
import type { ServicePods } from '../../evidence/services/service-pods.ts';
import { spiffeId } from '../../topology/identity.ts';
import { authorityOf, identityOf, type Lab } from '../../topology/lab.ts';
import { clusterHost, isExposed, type Service } from '../../topology/service.ts';
import { type ServiceCell, serviceMatrix } from '../../topology/service-matrix.ts';
import type { CertificateForge } from '../certificates/forge.ts';
import { workloadClient } from '../certificates/shown.ts';
import { sentAs } from '../requests/send-shots.ts';
import { askPods, type PodSeries } from './ask-pods.ts';
import { isSafe, type Sending, type ServiceRequest, sendToService } from './service-requests.ts';
import { routedPort } from './service-pods.ts';
import type { TokensFor } from './service-tokens.ts';

/**
 * Pure: whether sending it changes nothing that the user has not allowed to be changed. A connection of `tcp` is judged
 * with its first bytes, which would reach the app where it is admitted: none are sent.
 */
export function maySend({ active, control }: Service, { method, path }: ServiceCell): boolean {
  if (method === undefined) return false;
  if (isSafe(method) || active === 'full') return true;
  return method === control?.method && path === control.path;
}

export interface CellsOptions {
  readonly seen: ServicePods;
  readonly tokensFor: TokensFor;
  readonly forger: CertificateForge;
}

/** One request for each cell: people through the edge, callers with a minted identity at every pod. */
export async function collectServiceCells(
  probeContext: Sending,
  service: Service,
  { seen, tokensFor, forger }: CellsOptions,
): Promise<readonly ServiceCellSeen[]> {
  const { lab } = probeContext.context;
  const cells = serviceMatrix(service, lab.services, lab.users);
  const sent = cells.filter((cell) => maySend(service, cell));
  const port = routedPort(service, seen);
  const [edge, mesh] = await Promise.all([
    throughEdge(
      probeContext,
      service,
      sent.filter(({ way }) => way === 'edge'),
      tokensFor,
    ),
    insideMesh(
      probeContext,
      service,
      sent.filter(({ way }) => way === 'mesh'),
      { seen, forger, port },
    ),
  ]);
  return cells.map((cell): ServiceCellSeen => {
    const found = edge.get(cell.id) ?? mesh.get(cell.id);
    return found ?? { cell, how: 'configuration', request: judgedRequest(lab, service, cell, port) };
  });
}

type Seen = ReadonlyMap<string, ServiceCellSeen>;

async function throughEdge(
  probeContext: Sending,
  service: Service,
  cells: readonly ServiceCell[],
  tokensFor: TokensFor,
): Promise<Seen> {
  if (!isExposed(service) || cells.length === 0) return new Map();
  const people = new Set(probeContext.context.lab.users.map(({ name }) => name));
  const subjects = [...new Set(cells.map(({ subject }) => subject))].filter((name) => people.has(name));
  const tokens = new Map(
    await Promise.all(
      subjects.map(async (name) => [name, await tokenOrReason(tokensFor(name, service.audience))] as const),
    ),
  );
  const asked = cells.flatMap((cell): readonly ServiceRequest[] => {
    const { id, subject, method, path } = cell;
    const token = tokens.get(subject);
    if (method === undefined || path === undefined || token?.because !== undefined) return [];
    return [{ id, method, path, ...(token === undefined ? {} : { token: token.text }) }];
  });
  const sent = await sendToService(probeContext, service, asked);
  return new Map(
    cells.map((cell): readonly [string, ServiceCellSeen] => {
      const because = tokens.get(cell.subject)?.because;
      return because === undefined
        ? [cell.id, { cell, how: 'edge', traced: sentAs(sent, cell.id) }]
        : [cell.id, { cell, how: 'not-asked', because }];
    }),
  );
}

/** One person whose sign-in fails leaves the others' cells as they are. */
async function tokenOrReason(
  tokens: ReturnType<TokensFor>,
): Promise<{ readonly text: string; readonly because?: string }> {
  try {
    return { text: (await tokens).accessToken };
  } catch (error) {
    return { text: '', because: textOf(error) };
  }
}

async function insideMesh(
  probeContext: Sending,
  service: Service,
  cells: readonly ServiceCell[],
  { seen, forger, port }: Pick<CellsOptions, 'seen' | 'forger'> & { readonly port: number },
): Promise<Seen> {
  const { lab } = probeContext.context;
  const pods = seen.pods.filter(({ address, trouble }) => address !== '' && trouble === undefined);
  const callers = [...Map.groupBy(cells, ({ subject }) => subject)];
  const series = await Promise.all(
    callers.map(async ([subject, own]): Promise<readonly PodSeries[]> => {
      const identity = identityOf(lab, subject);
      if (identity === undefined) return [];
      const client = { as: spiffeId(identity), pair: await workloadClient(spiffeId(identity), forger) };
      const host = `${clusterHost(service)}:${service.port.service}`;
      const requests = own.map(({ id, method = '', path = '' }) => ({ id, method, path }));
      return pods.map((pod) => ({ pod, client, host, requests }));
    }),
  );
  const answers = await askPods(probeContext, service, series.flat(), port);
  return new Map(
    cells.map((cell): readonly [string, ServiceCellSeen] => {
      const own = answers.get(cell.id) ?? [];
      return own.length === 0
        ? [cell.id, { cell, how: 'not-asked', because: `${service.id} has no ready pod` }]
        : [cell.id, { cell, how: 'mesh', answers: own }];
    }),
  );
}

/** Pure: as the sidecar of the service would see it. */
export function judgedRequest(
  lab: Lab,
  service: Service,
  { subject, way, method = '', path = '' }: ServiceCell,
  port: number,
): JudgedRequest {
  const { workloads, users, issuer } = lab;
  if (way === 'mesh') {
    const identity = identityOf(lab, subject) ?? workloads.caller;
    const host = `${clusterHost(service)}:${service.port.service}`;
    return { method, path, host, port, principal: spiffeId(identity) };
  }
  const person = users.find(({ name }) => name === subject);
  const host = isExposed(service) ? authorityOf(service) : clusterHost(service);
  const principal = spiffeId(workloads.gateway);
  const token = person === undefined ? {} : { token: { issuer, subject, roles: person.roles } };
  return { method, path, host, port, principal, ...token };
}
