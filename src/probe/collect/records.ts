import type { WireResult } from '../../checks/evidence.ts';
import { type AppRecord, parseAppLog } from '../../records/app-record.ts';
import { type EdgeRecord, parseEdgeLog } from '../../records/edge-record.ts';
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
}

/** A request that was sent, and what came back of it. */
export interface Sent {
  readonly agent: string;
  readonly wire: WireResult;
}

/** Proxies write their logs once a second; a record that is not there after this never comes. */
const PATIENCE_MS = 4_000;
const INTERVAL_MS = 150;
/** The engine's and the cluster's clocks may be a little behind ours. */
const SKEW_MS = 2_000;

/**
 * The records of these requests, looked for until every party that was handed a request has one, or
 * the deadline passes: then what is missing is missing, and judges say so.
 */
export async function fetchRecords(witness: Witness, sent: readonly Sent[], sentAt: Date): Promise<Records> {
  const { context, signal } = witness;
  // A party that is not there leaves no records; what that means is for the judges to say.
  const find = (workload: WorkloadName) =>
    podOf(context.cluster, context.lab, workload, signal).catch(() => undefined);
  const [gateway, app] = await Promise.all([find('gateway'), find('httpbin')]);
  const since = new Date(sentAt.getTime() - SKEW_MS);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const records = await readOnce(witness, { gateway, app }, since);
    if (isComplete(sent, records) || performance.now() > deadline || signal.aborted) return records;
    await pause(INTERVAL_MS, signal);
  }
}

async function readOnce(
  { context: { cluster, lab }, engine, signal }: Witness,
  pods: { readonly gateway: PodOfWorkload | undefined; readonly app: PodOfWorkload | undefined },
  since: Date,
): Promise<Records> {
  const podLog = async (of: PodOfWorkload | undefined, container: string): Promise<string> =>
    of === undefined
      ? ''
      : cluster.podLogs({ namespace: of.namespace, pod: of.pod, container, sinceTime: since }, signal);
  const [lines, gateway, sidecar, app] = await Promise.all([
    engine.containers.logs(lab.containers.edge, { since }, signal),
    podLog(pods.gateway, 'istio-proxy'),
    podLog(pods.app, 'istio-proxy'),
    podLog(pods.app, 'app'),
  ]);
  const edge = parseEdgeLog(lines.map((line) => line.text).join('\n'));
  return {
    edge: by(edge, (record) => record.userAgent),
    gateway: by(parseProxyLog(gateway), (record) => record.user_agent),
    sidecar: by(parseProxyLog(sidecar), (record) => record.user_agent),
    app: by(parseAppLog(app), (record) => record.userAgent),
  };
}

function by<T>(records: readonly T[], key: (record: T) => string | undefined): ReadonlyMap<string, T> {
  return new Map(
    records.flatMap((record) => {
      const found = key(record);
      return found === undefined ? [] : [[found, record]];
    }),
  );
}

/** Pure: every party that was handed one of the requests has its record of it. */
export function isComplete(sent: readonly Sent[], { edge, gateway, sidecar, app }: Records): boolean {
  return sent.every(({ agent, wire }) => {
    // Nothing came back, so perhaps nobody was handed anything: there is nothing to wait for.
    // Go's HTTP server refuses headers beyond its limit by itself, and writes nothing.
    if (wire.status === undefined || wire.status === 431) return true;
    const atEdge = edge.get(agent);
    if (atEdge === undefined) return false;
    if (atEdge.upstream === undefined || atEdge.error !== undefined) return true;
    const atGateway = gateway.get(agent);
    if (atGateway === undefined) return false;
    if (atGateway.upstream_host === undefined) return true;
    const atSidecar = sidecar.get(agent);
    return atSidecar !== undefined && (atSidecar.response_code_details !== 'via_upstream' || app.has(agent));
  });
}
