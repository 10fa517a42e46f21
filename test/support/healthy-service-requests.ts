import { judgedRequest, maySend } from '../../src/probe/services/service-cells.ts';
import { SERVICE_CLIENTS } from '../../src/cases/certificates/service-clients.ts';
import type { ServiceCellSeen } from '../../src/evidence/services/service-cells.ts';
import type { PodAnswer, PodWire } from '../../src/evidence/services/service-wire.ts';
import type { TracedRequest } from '../../src/evidence/traced-request.ts';
import type { ProxyRecord } from '../../src/records/proxy-record.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { clusterHost, type ExposedService } from '../../src/topology/service.ts';
import type { ServiceCell } from '../../src/topology/service-matrix.ts';
import { DETAILS } from './healthy-requests.ts';
import { addressOf, PODS, PORT } from './own-service.ts';
import { data, ended } from './wires.ts';

export const REFUSED = { status: '403', response_code_details: DETAILS.ACCESS_DENIED };

export function traced(
  service: ExposedService,
  lab: Lab,
  id: string,
  answer: Partial<ProxyRecord>,
): TracedRequest {
  const authority = new URL(service.audience).host;
  const session = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' };
  const { status = '200' } = answer;
  return {
    status: Number(status),
    ended: 'data',
    headers: { 'x-meshdev-id': id },
    body: '',
    meshdevId: id,
    edge: {
      meshdevId: id,
      method: 'GET',
      host: authority,
      uri: '/orders',
      status: Number(status),
      clientIp: '172.30.0.1',
      upstream: 'node:30443',
      durationMs: 3,
    },
    gateway: {
      meshdev_id: id,
      status,
      authority,
      sni: service.host,
      response_code_details: 'via_upstream',
      upstream_cluster: `outbound|${PORT}||${clusterHost(service)}`,
      upstream_host: `${addressOf(0)}:${PORT}`,
      upstream_peer_uri_san: spiffeId(service.identity),
      upstream_tls_version: session.version,
      upstream_tls_cipher: session.cipher,
    },
    sidecar: {
      meshdev_id: id,
      status,
      response_code_details: 'via_upstream',
      downstream_peer_uri_san: spiffeId(lab.workloads.gateway),
      downstream_tls_version: session.version,
      downstream_tls_cipher: session.cipher,
      ...answer,
    },
    pod: PODS[0],
    app: undefined,
    echo: undefined,
  };
}

function policyName(cell: ServiceCell): string {
  const [namespace, name] = cell.by.split('/');
  return `ns[${namespace}]-policy[${name}]-rule[0]`;
}

export function cellSeen(service: ExposedService, lab: Lab, cell: ServiceCell): ServiceCellSeen {
  if (!maySend(service, cell))
    return { cell, how: 'configuration', request: judgedRequest(lab, service, cell, PORT) };
  const isAllowed = cell.expected === 'allow';
  const record = isAllowed
    ? { status: '200', response_code_details: 'via_upstream', rbac_policy: policyName(cell) }
    : REFUSED;
  if (cell.way === 'edge') return { cell, how: 'edge', traced: traced(service, lab, cell.id, record) };
  const as = judgedRequest(lab, service, cell, PORT).principal;
  return {
    cell,
    how: 'mesh',
    answers: PODS.map((name) => ({
      pod: name,
      as,
      wire: data({ status: Number(record.status) }),
      record: { ...record, downstream_peer_uri_san: as },
    })),
  };
}

export function wire(lab: Lab, name: string): PodWire {
  const answer = (as: string, record: ProxyRecord): PodAnswer => ({
    pod: name,
    as,
    wire: data({ status: Number(record.status) }),
    record: { ...record, downstream_peer_uri_san: as },
  });
  const unlisted = 'spiffe://cluster.local/ns/apps/sa/meshdev-unlisted';
  return {
    pod: name,
    plaintext: { ...ended('reset'), connected: true },
    honest: answer(spiffeId(lab.workloads.gateway), { status: '200', response_code_details: 'via_upstream' }),
    unlisted: answer(unlisted, REFUSED),
    stolenToken: answer(unlisted, REFUSED),
    tls12: ended('alert', 'protocol_version'),
    forged: SERVICE_CLIENTS.map((each) => ({
      case: each,
      found: [each.reason],
      wire: ended('alert', each.alert),
      record: `TLS error: ${each.says}`,
    })),
    ports: [PORT, 15_006].map((port) => ({ port, wire: ended('reset') })),
  };
}
