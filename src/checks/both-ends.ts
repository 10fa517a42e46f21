import type { TracedRequest } from '../evidence/traced-request.ts';
import type { ProxyRecord } from '../records/proxy-record.ts';
import { spiffeId } from '../topology/identity.ts';
import type { Lab } from '../topology/lab.ts';
import { fail, pass, unknown } from './check.ts';
import { requestSeen } from './describe.ts';
import { meetsFloor } from './tls-version.ts';
import type { Verdict } from './verdict.ts';

/**
 * What the gateway did as client of the hop, and what the sidecar recorded of the same request.
 * @param server SPIFFE ID of the app
 */
export function bothEnds(traced: TracedRequest, lab: Lab, server: string): Verdict {
  const { gateway, sidecar } = traced;
  const client = spiffeId(lab.workloads.gateway);
  if (gateway === undefined)
    return unknown('NO_RECORD', `no record of the request at the gateway; ${requestSeen(traced)}`);
  // Before the sidecar is asked for its record: an app without a sidecar never has one.
  if (gateway.upstream_peer_uri_san !== server) return serverNotTheApp(gateway, server);
  if (sidecar === undefined)
    return unknown('NO_RECORD', `no record of the request at the sidecar; ${requestSeen(traced)}`);
  if (sidecar.downstream_peer_uri_san !== client)
    return fail(
      'MESH_CLIENT_NOT_THE_GATEWAY',
      `the sidecar recorded ${sidecar.downstream_peer_uri_san ?? 'no client identity'}, expected ${client}`,
    );
  const up = `${gateway.upstream_tls_version} ${gateway.upstream_tls_cipher}`;
  const down = `${sidecar.downstream_tls_version} ${sidecar.downstream_tls_cipher}`;
  if (up !== down)
    return fail(
      'MESH_SESSIONS_DIFFER',
      `the gateway used ${up}, the sidecar ${down}: another component terminates TLS between them`,
    );
  return meetsFloor(sidecar.downstream_tls_version, 'TLSv1.3')
    ? pass(`${up}, ${client} -> ${server}`)
    : fail('MESH_TLS_TOO_OLD', `negotiated ${down}, expected TLSv1.3`);
}

function serverNotTheApp(gateway: ProxyRecord, server: string): Verdict {
  const {
    upstream_peer_uri_san: seen,
    upstream_failure: why,
    response_code_details: details = 'no details',
  } = gateway;
  // The gateway refused by itself before it chose a server: nothing is known about this hop.
  if (seen === undefined && gateway.upstream_host === undefined)
    return unknown('NO_RECORD', `the gateway did not forward the request: ${details}`);
  return fail(
    'MESH_SERVER_NOT_THE_APP',
    `the gateway recorded ${seen ?? 'no server identity'} at ${gateway.upstream_host ?? 'no address'}, expected ${server}; ${details}${why === undefined ? '' : ` ${why}`}`,
  );
}

/** The gateway handed the request to the service of that name, and to nobody else. */
export function routedTo({ gateway }: Pick<TracedRequest, 'gateway'>, host: string): Verdict {
  const cluster = gateway?.upstream_cluster;
  if (cluster === undefined) return unknown('NO_RECORD', 'the gateway recorded no upstream cluster');
  // direction|port|subset|host
  const [direction, , , to] = cluster.replace(/;$/, '').split('|');
  return direction === 'outbound' && to === host
    ? pass(cluster)
    : fail(
        'MESH_PASSTHROUGH',
        `the gateway used ${cluster.replace(/;$/, '')}: the mesh did not route this request`,
      );
}
