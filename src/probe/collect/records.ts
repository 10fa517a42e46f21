import { type EdgeRecord, parseEdgeLog } from '../../records/edge-record.ts';
import { parseProxyLog, type ProxyRecord } from '../../records/proxy-record.ts';
import { pause } from '../../run/wait-until.ts';
import { podOf, type PodOfWorkload } from '../exec-probe.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import type { Witness } from './witness.ts';

/** What each party wrote, by the id that the edge gave the request. */
export interface Records {
  readonly edge: ReadonlyMap<string, EdgeRecord>;
  readonly gateway: ReadonlyMap<string, ProxyRecord>;
  readonly sidecar: ReadonlyMap<string, ProxyRecord>;
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
export async function fetchRecords(witness: Witness, ids: readonly string[], sentAt: Date): Promise<Records> {
  const { context, signal } = witness;
  // A party that is not there leaves no records; what that means is for the judges to say.
  const find = (workload: WorkloadName) =>
    podOf(context.cluster, context.lab, workload, signal).catch(() => undefined);
  const [gateway, app] = await Promise.all([find('gateway'), find('httpbin')]);
  const since = new Date(sentAt.getTime() - SKEW_MS);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const records = await readOnce(witness, { gateway, app }, since);
    if (isComplete(ids, records) || performance.now() > deadline || signal.aborted) return records;
    await pause(INTERVAL_MS, signal);
  }
}

async function readOnce(
  { context: { cluster, lab }, engine, signal }: Witness,
  pods: { readonly gateway: PodOfWorkload | undefined; readonly app: PodOfWorkload | undefined },
  since: Date,
): Promise<Records> {
  const proxyLog = async (of: PodOfWorkload | undefined): Promise<ReadonlyMap<string, ProxyRecord>> => {
    if (of === undefined) return new Map();
    const { namespace, pod } = of;
    const text = await cluster.podLogs(
      { namespace, pod, container: 'istio-proxy', sinceTime: since },
      signal,
    );
    return new Map(
      parseProxyLog(text).flatMap((record) =>
        record.meshdev_id === undefined ? [] : [[record.meshdev_id, record]],
      ),
    );
  };
  const [lines, gateway, sidecar] = await Promise.all([
    engine.containers.logs(lab.containers.edge, { since }, signal),
    proxyLog(pods.gateway),
    proxyLog(pods.app),
  ]);
  const edge = parseEdgeLog(lines.map((line) => line.text).join('\n'));
  return { edge: new Map(edge.map((record) => [record.meshdevId, record])), gateway, sidecar };
}

/** Pure: every party that was handed one of the requests has its record of it. */
export function isComplete(ids: readonly string[], { edge, gateway, sidecar }: Records): boolean {
  return ids.every((id) => {
    const atEdge = edge.get(id);
    if (atEdge === undefined) return false;
    if (atEdge.upstream === undefined || atEdge.error !== undefined) return true;
    const atGateway = gateway.get(id);
    if (atGateway === undefined) return false;
    return atGateway.upstream_host === undefined || sidecar.has(id);
  });
}
