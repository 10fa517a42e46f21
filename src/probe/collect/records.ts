import type { WireResult } from '../../checks/evidence.ts';
import { type AppRecord, parseAppLog } from '../../records/app-record.ts';
import { type EdgeRecord, isAbandoned, parseEdgeLog } from '../../records/edge-record.ts';
import { parseProxyLog, type ProxyRecord } from '../../records/proxy-record.ts';
import { pause } from '../../run/wait-until.ts';
import { podOf, type PodOfWorkload } from '../exec-probe.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import type { Witness } from './witness.ts';

/** What each party wrote, by the User-Agent of the request. */
export interface Records {
  readonly edge: ReadonlyMap<string, EdgeRecord>;
  readonly gateway: ReadonlyMap<string, ProxyRecord>;
  readonly sidecar: ReadonlyMap<string, ProxyRecord>;
  readonly app: ReadonlyMap<string, AppRecord>;
  /** How often the app wrote of that User-Agent: a request that arrived twice was smuggled or repeated. */
  readonly appTimes: ReadonlyMap<string, number>;
}

/** A request that was sent, and what came back of it. */
export interface Sent {
  readonly agent: string;
  readonly wire: Pick<WireResult, 'status' | 'headers'>;
  /** Which party it was sent to; the edge unless said otherwise. */
  readonly via?: 'edge' | 'gateway';
  /** The agent of a request that may be hidden in this one: once one party wrote of it, all must. */
  readonly hidden?: string;
}

/** The records of these requests, as far as there are any before the deadline. */
export type LookUp = (sent: readonly Sent[], sentAt: Date) => Promise<Records>;

/** Proxies write their logs every 100 ms; a record that is not there after this never comes. */
const PATIENCE_MS = 6_000;
const INTERVAL_MS = 80;
/** The engine's and the cluster's clocks may be a little behind ours. */
const SKEW_MS = 2_000;

interface Waiting {
  readonly sent: readonly Sent[];
  readonly since: number;
  readonly deadline: number;
  readonly resolve: (records: Records) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One reader of all logs for everybody who waits for records. Each gets them when every party that was
 * handed one of its requests has written, or its deadline passes: then what is missing is missing, and
 * judges say so.
 */
export function createLookUp(witness: Omit<Witness, 'lookUp'>): LookUp {
  const archive = new Archive();
  let waiting: readonly Waiting[] = [];
  let reading = false;
  const settle = (done: (one: Waiting) => boolean, tell: (one: Waiting) => void): void => {
    const ready = waiting.filter(done);
    waiting = waiting.filter((one) => !ready.includes(one));
    for (const one of ready) tell(one);
  };
  const readAll = async (): Promise<void> => {
    const pods = await findPods(witness);
    for (let since: number | undefined; waiting.length > 0; await pause(INTERVAL_MS, witness.signal)) {
      const from = Math.min(
        ...waiting.map((one) => (since === undefined ? one.since : Math.max(one.since, since))),
      );
      since = Date.now() - SKEW_MS;
      archive.add(await readLogs(witness, pods, new Date(from)));
      settle(
        ({ sent, deadline }) => isComplete(sent, archive) || performance.now() > deadline,
        (one) => one.resolve(archive),
      );
    }
  };
  return (sent, sentAt) =>
    new Promise((resolve, reject) => {
      const since = sentAt.getTime() - SKEW_MS;
      waiting = [...waiting, { sent, since, deadline: performance.now() + PATIENCE_MS, resolve, reject }];
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

interface Pods {
  readonly gateway: PodOfWorkload | undefined;
  readonly app: PodOfWorkload | undefined;
}

/** A party that is not there leaves no records; what that means is for the judges to say. */
async function findPods({ context, signal }: Omit<Witness, 'lookUp'>): Promise<Pods> {
  const find = (workload: WorkloadName) =>
    podOf(context.cluster, context.lab, workload, signal).catch(() => undefined);
  const [gateway, app] = await Promise.all([find('gateway'), find('httpbin')]);
  return { gateway, app };
}

type Party = 'edge' | 'gateway' | 'sidecar' | 'app';
type Logs = Readonly<Record<Party, readonly string[]>>;

async function readLogs(
  { context: { cluster, lab }, engine, signal }: Omit<Witness, 'lookUp'>,
  pods: Pods,
  since: Date,
): Promise<Logs> {
  const podLog = async (of: PodOfWorkload | undefined, container: string): Promise<readonly string[]> => {
    if (of === undefined) return [];
    const { namespace, pod } = of;
    return (await cluster.podLogs({ namespace, pod, container, sinceTime: since }, signal)).split('\n');
  };
  const [edge, gateway, sidecar, app] = await Promise.all([
    engine.containers.logs(lab.containers.edge, { since }, signal),
    podLog(pods.gateway, 'istio-proxy'),
    podLog(pods.app, 'istio-proxy'),
    podLog(pods.app, 'app'),
  ]);
  return { edge: edge.map((line) => line.text), gateway, sidecar, app };
}

/** All that was read so far. Logs are read with an overlap; each line counts once. */
class Archive implements Records {
  readonly edge = new Map<string, EdgeRecord>();
  readonly gateway = new Map<string, ProxyRecord>();
  readonly sidecar = new Map<string, ProxyRecord>();
  readonly app = new Map<string, AppRecord>();
  readonly appTimes = new Map<string, number>();
  readonly #known: Readonly<Record<Party, Set<string>>> = {
    edge: new Set(),
    gateway: new Set(),
    sidecar: new Set(),
    app: new Set(),
  };

  add(logs: Logs): void {
    for (const record of parseEdgeLog(this.#fresh('edge', logs))) put(this.edge, record.userAgent, record);
    for (const record of parseProxyLog(this.#fresh('gateway', logs)))
      put(this.gateway, record.user_agent, record);
    for (const record of parseProxyLog(this.#fresh('sidecar', logs)))
      put(this.sidecar, record.user_agent, record);
    for (const record of parseAppLog(this.#fresh('app', logs))) {
      put(this.app, record.userAgent, record);
      this.appTimes.set(record.userAgent, (this.appTimes.get(record.userAgent) ?? 0) + 1);
    }
  }

  #fresh(party: Party, logs: Logs): string {
    const known = this.#known[party];
    const lines = logs[party].filter((line) => !known.has(line));
    for (const line of lines) known.add(line);
    return lines.join('\n');
  }
}

function put<T>(into: Map<string, T>, agent: string | undefined, record: T): void {
  if (agent !== undefined) into.set(agent, record);
}

/** Pure: every party that was handed one of the requests has its record of it. */
export function isComplete(sent: readonly Sent[], records: Pick<Records, Party>): boolean {
  return sent.every(({ agent, wire, via = 'edge', hidden }) => {
    if (hidden !== undefined && isKnown(hidden, records) && !isWritten(hidden, 'edge', records)) return false;
    return wire.status === undefined || isParserRefusal(wire) || isWritten(agent, via, records);
  });
}

function isKnown(agent: string, records: Pick<Records, Party>): boolean {
  return records.edge.has(agent) || records.app.has(agent);
}

/** Every party that was handed the request, as the one before it says, has written of it. */
function isWritten(
  agent: string,
  via: 'edge' | 'gateway',
  { edge, gateway, sidecar, app }: Pick<Records, Party>,
): boolean {
  if (via === 'edge') {
    const atEdge = edge.get(agent);
    if (atEdge === undefined) return false;
    if (atEdge.upstream === undefined || atEdge.error !== undefined || isAbandoned(atEdge)) return true;
  }
  const atGateway = gateway.get(agent);
  if (atGateway === undefined) return false;
  if (atGateway.upstream_host === undefined) return true;
  const atSidecar = sidecar.get(agent);
  return atSidecar !== undefined && (atSidecar.response_code_details !== 'via_upstream' || app.has(agent));
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
