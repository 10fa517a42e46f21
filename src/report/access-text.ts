import type { Persona, Service, ServiceId } from '../topology/service.ts';
import { type ServiceCell, serviceMatrix, WITHOUT_TOKEN } from '../topology/service-matrix.ts';

/** Who may do what at one service, as its rules say. */
export interface ServiceAccess {
  readonly service: ServiceId;
  /** Null: people do not reach it. */
  readonly url: string | null;
  readonly cells: readonly Omit<ServiceCell, 'service'>[];
}

/** The access matrix of each service of meshdev.yaml. Pure. */
export function accessOf(services: readonly Service[], users: readonly Persona[]): readonly ServiceAccess[] {
  return services.map((service) => ({
    service: service.id,
    url: service.audience ?? null,
    cells: serviceMatrix(service, services, users).map(({ service: _its, ...cell }) => cell),
  }));
}

/** One paragraph for each service: each request with those who may send it, and those who may not. */
export function accessText(all: readonly ServiceAccess[]): string {
  if (all.length === 0) return 'meshdev.yaml has no services\n';
  return `${all.map(serviceText).join('\n\n')}\n`;
}

function serviceText({ service, url, cells }: ServiceAccess): string {
  const head = `${service}   ${url ?? 'inside the mesh only'}`;
  const ways = Map.groupBy(cells, ({ way }) => way);
  return [head, ...[...ways].flatMap(([way, own]) => wayLines(way, own))].join('\n');
}

const WAYS: Readonly<Record<ServiceCell['way'], string>> = {
  edge: 'through the edge',
  mesh: 'from a workload',
};

type Cell = ServiceAccess['cells'][number];

function wayLines(way: ServiceCell['way'], cells: readonly Cell[]): readonly string[] {
  const each = [...Map.groupBy(cells, requestOf)].map(
    ([request, own]) => [request, decisionsOf(own)] as const,
  );
  const alike = new Set(each.map(([, lines]) => lines.join('\n'))).size === 1;
  const requests = alike ? [['every request', each[0]?.[1] ?? []] as const] : each;
  const width = Math.max(...requests.map(([request]) => request.length));
  return [
    `  ${WAYS[way]}`,
    ...requests.flatMap(([request, lines]) =>
      lines.map((line, at) => `    ${(at === 0 ? request : '').padEnd(width)}   ${line}`),
    ),
  ];
}

function requestOf({ method, path }: Cell): string {
  return method === undefined || path === undefined ? 'connect' : `${method} ${path}`;
}

function subjectOf({ subject, way }: Cell): string {
  return way === 'edge' && subject === WITHOUT_TOKEN ? 'no token' : subject;
}

/** Those who are allowed by the same policies stand in one line. */
function decisionsOf(cells: readonly Cell[]): readonly string[] {
  const groups = Map.groupBy(cells, ({ expected, allowedBy }) => `${expected} ${allowedBy.join(', ')}`);
  return [...groups.values()]
    .toSorted(([a], [b]) => Number(a?.expected === 'deny') - Number(b?.expected === 'deny'))
    .map((own) => {
      const [first] = own;
      const by = first?.expected === 'allow' ? `   by ${first.allowedBy.join(', ')}` : '';
      return `${(first?.expected ?? '').padEnd(5)}  ${own.map(subjectOf).join(', ')}${by}`;
    });
}
