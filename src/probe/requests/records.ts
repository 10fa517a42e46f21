import { type AppRecord, parseAppLog } from '../../records/app-record.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { type EdgeRecord, isAbandoned, parseEdgeLog } from '../../records/edge-record.ts';
import { type ProxyRecord, parseProxyLog } from '../../records/proxy-record.ts';
import { pause, throwIfAborted } from '../../run/wait-until.ts';
import { ownServices, type ServiceId } from '../../topology/service.ts';
import type { Component, ComponentLogs } from './component-logs.ts';
import type { Needs } from '../probe-context.ts';
import { patience } from '../../run/patience.ts';
import { type Found, type LookUp, type PodRecord, type Records, type Sent, sidecarKey } from './look-up.ts';

/** Proxies write their logs every 100 ms; a record that is not there after this never comes. */
export const PATIENCE_MS = 10_000;
const INTERVAL_MS = 30;

interface Waiting {
  readonly sent: readonly Sent[];
  /** Since when, of `performance`. */
  readonly since: number;
  readonly resolve: (found: Found) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One reader of all logs for everybody who waits for records. Each gets them when every component that was
 * handed one of its requests has written, or its deadline passes: then what is missing is missing, and
 * judges say so.
 */
export function createLookUp(
  probeContext: Needs<'componentLogs' | 'signal'> & { readonly context: Pick<LabContext, 'lab'> },
): LookUp {
  const { containers, idpPort } = probeContext.context.lab;
  const idp = `${containers.idp}:${idpPort}`;
  const archive = new Archive(ownServices(probeContext.context.lab).map(({ id }) => id));
  const found: Found = { records: archive, silent: (sent) => silentComponent(sent, archive, idp) };
  let waiting: readonly Waiting[] = [];
  let reading = false;
  const settle = (done: (one: Waiting) => boolean, tell: (one: Waiting) => void): void => {
    const ready = waiting.filter(done);
    waiting = waiting.filter((one) => !ready.includes(one));
    for (const one of ready) tell(one);
  };
  const readAll = async (): Promise<void> => {
    for (; waiting.length > 0; await pause(INTERVAL_MS, probeContext.signal)) {
      // A pause is over at once then: without this the loop would hold up everything until its deadlines.
      throwIfAborted(probeContext.signal);
      archive.read(probeContext.componentLogs);
      settle(
        ({ sent, since }) =>
          isComplete(sent, archive, idp) || performance.now() - since > patience(PATIENCE_MS),
        (one) => one.resolve(found),
      );
    }
  };
  return (sent) =>
    new Promise((resolve, reject) => {
      waiting = [...waiting, { sent, since: performance.now(), resolve, reject }];
      if (reading) return;
      reading = true;
      readAll()
        .catch((error: unknown) =>
          settle(
            () => true,
            (one) => one.reject(error),
          ),
        )
        .finally(() => (reading = false));
    });
}

/** All that was read so far. */
class Archive implements Records {
  readonly edge = new Map<string, EdgeRecord>();
  readonly gateway = new Map<string, ProxyRecord>();
  readonly sidecar = new Map<string, ProxyRecord>();
  readonly app = new Map<string, AppRecord>();
  readonly sidecars = new Map<string, PodRecord>();
  readonly appTimes = new Map<string, number>();
  readonly #services: readonly ServiceId[];
  readonly #takenOf = new Map<ServiceId, number>();
  readonly #taken: Record<Component, number> = { edge: 0, gateway: 0, sidecar: 0, app: 0 };

  constructor(services: readonly ServiceId[]) {
    this.#services = services;
  }

  read(logs: ComponentLogs): void {
    for (const service of this.#services) this.#readSidecars(service, logs);
    for (const record of parseEdgeLog(this.#grown('edge', logs))) put(this.edge, record.userAgent, record);
    for (const record of parseProxyLog(this.#grown('gateway', logs)))
      put(this.gateway, record.user_agent, record);
    for (const record of parseProxyLog(this.#grown('sidecar', logs)))
      put(this.sidecar, record.user_agent, record);
    for (const record of parseAppLog(this.#grown('app', logs))) {
      put(this.app, record.userAgent, record);
      this.appTimes.set(record.userAgent, (this.appTimes.get(record.userAgent) ?? 0) + 1);
    }
  }

  #readSidecars(service: ServiceId, logs: ComponentLogs): void {
    const all = logs.ofSidecars(service);
    const grown = all.slice(this.#takenOf.get(service) ?? 0);
    this.#takenOf.set(service, all.length);
    for (const { pod, line } of grown)
      for (const record of parseProxyLog(line))
        if (record.user_agent !== undefined && isInbound(record))
          this.sidecars.set(sidecarKey(service, record.user_agent), { pod, record });
  }

  /** Lines that came since the last time. */
  #grown(component: Component, logs: ComponentLogs): string {
    const all = logs.of(component);
    const lines = all.slice(this.#taken[component]);
    this.#taken[component] = all.length;
    return lines.join('\n');
  }
}

/** What an app sends on may carry the User-Agent of what it received: its sidecar writes of both. */
function isInbound({ upstream_cluster: cluster = '' }: ProxyRecord): boolean {
  return !['outbound|', 'PassthroughCluster', 'BlackHoleCluster'].some((begin) => cluster.startsWith(begin));
}

function put<T>(into: Map<string, T>, agent: string | undefined, record: T): void {
  if (agent !== undefined) into.set(agent, record);
}

type Kept = Pick<Records, Component | 'sidecars'>;

/**
 * Pure: every component that was handed one of the requests has its record of it.
 * @param idp where the edge sends what is the identity provider's; it is no component
 */
export function isComplete(sent: readonly Sent[], records: Kept, idp: string): boolean {
  return sent.every((one) => silentComponent(one, records, idp) === undefined);
}

/** Pure: the first component that was handed the request, or one that is hidden in it, and has not written of it. */
function silentComponent(
  { agent, wire, via = 'edge', service, hidden, recorded = false }: Sent,
  records: Kept,
  idp: string,
): Component | undefined {
  if (recorded) return records.edge.has(agent) ? undefined : 'edge';
  const ofHidden =
    hidden !== undefined && isKnown(hidden, records)
      ? silentOn({ agent: hidden, via: 'edge' }, records, idp)
      : undefined;
  if (ofHidden !== undefined || wire.status === undefined || isParserRefusal(wire)) return ofHidden;
  return silentOn({ agent, via, ...(service === undefined ? {} : { service }) }, records, idp);
}

/** Each component says whether it handed the request to the next one. */
function silentOn(
  { agent, via, service }: Pick<Sent, 'agent' | 'via' | 'service'>,
  records: Kept,
  idp: string,
): Component | undefined {
  if (via === 'pod') return silentSidecar(agent, service, records);
  if (via === 'edge') {
    const atEdge = records.edge.get(agent);
    if (atEdge === undefined) return 'edge';
    if (isEndOfTheWay(atEdge, idp)) return undefined;
  }
  const atGateway = records.gateway.get(agent);
  if (atGateway === undefined) return 'gateway';
  if (atGateway.upstream_host === undefined) return undefined;
  if (service !== undefined) return silentSidecar(agent, service, records);
  const atSidecar = records.sidecar.get(agent);
  if (atSidecar === undefined) return 'sidecar';
  return atSidecar.response_code_details !== 'via_upstream' || records.app.has(agent) ? undefined : 'app';
}

/** The app behind it writes nothing that could be waited for. */
function silentSidecar(agent: string, service: ServiceId | undefined, records: Kept): Component | undefined {
  return service !== undefined && records.sidecars.has(sidecarKey(service, agent)) ? undefined : 'sidecar';
}

/** Nobody of the mesh was handed the request. */
function isEndOfTheWay(atEdge: EdgeRecord, idp: string): boolean {
  const { upstream, error } = atEdge;
  return upstream === undefined || upstream === idp || error !== undefined || isAbandoned(atEdge);
}

function isKnown(agent: string, records: Kept): boolean {
  return records.edge.has(agent) || records.app.has(agent);
}

/**
 * Nobody was handed anything where nothing came back. What a parser refuses has no headers yet, so its
 * record (if there is one) cannot be told from others: there is nothing to wait for.
 */
function isParserRefusal({ status, headers }: Sent['wire']): boolean {
  const isUnnamed = headers['x-meshdev-id'] === undefined;
  // 431: Go's server refuses headers beyond its limit by itself, and writes nothing.
  return status === 400 || status === 431 || (isUnnamed && (status === 421 || status === 501));
}
