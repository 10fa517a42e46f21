import { beforeAll, describe, expect, it } from 'vitest';
import { httpStatusOf } from '../../../../src/checks/grpc-status.ts';
import { refusedBySidecar } from '../../../../src/checks/refusal.ts';
import type { ServiceEvidenceMap } from '../../../../src/evidence/service-evidence.ts';
import type { RbacFilter } from '../../../../src/evidence/rbac-config.ts';
import { judgedRequest } from '../../../../src/probe/services/service-cells.ts';
import { serviceMatrix } from '../../../../src/topology/service-matrix.ts';
import type { TracedRequest } from '../../../../src/evidence/traced-request.ts';
import { RBAC_DEFAULT } from '../../../../src/records/rbac-words.ts';
import { NOW } from '../../../support/certificates.ts';
import {
  healthyServiceEvidence,
  makeServiceMaterial,
  type ServiceMaterial,
} from '../../../support/healthy-service.ts';
import { ended } from '../../../support/wires.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';
import { verdictsOf } from './verdicts-of.ts';

let material: ServiceMaterial;
beforeAll(async () => {
  material = await makeServiceMaterial(healthyService());
});

describe('the status of a gRPC call', () => {
  it.each([
    [200, undefined, 200],
    [200, '0', 200],
    [200, '7', 403],
    [200, '16', 401],
    [200, '99', 500],
    [403, undefined, 403],
    [503, '7', 503],
    [undefined, undefined, undefined],
  ])('HTTP %s with grpc-status %s stands for %s', (status, code, stands) => {
    expect(httpStatusOf({ status, headers: code === undefined ? {} : { 'grpc-status': code } })).toBe(stands);
  });
});

describe('a refusal of a gRPC call', () => {
  const expected = { status: 403, details: RBAC_DEFAULT, code: 'JWT_NOT_REQUIRED', who: 'a call' } as const;
  const call = (code: string | undefined, details: string = RBAC_DEFAULT): TracedRequest => ({
    status: 200,
    ended: 'data',
    headers: code === undefined ? {} : { 'grpc-status': code },
    body: '',
    meshdevId: 'id',
    edge: undefined,
    gateway: undefined,
    sidecar: { meshdev_id: 'id', status: '200', response_code_details: details },
    app: undefined,
    echo: undefined,
  });

  it('is HTTP 200 with the status of gRPC, for the expected reason', () => {
    expect(refusedBySidecar(call('7'), { ...expected, grpc: true }).kind).toBe('pass');
    expect(refusedBySidecar({ ...call(undefined), status: 403 }, { ...expected, grpc: true }).kind).toBe(
      'pass',
    );
  });

  it.each([
    ['of another status', call('16'), true],
    ['of no status of gRPC', call(undefined), true],
    ['for another reason', call('7', 'jwt_authn_access_denied{Jwt_is_expired}'), true],
    ['of a request that is no call', call('7'), false],
  ])('is none %s', (_, traced, grpc) => {
    expect(refusedBySidecar(traced, { ...expected, grpc })).toMatchObject({
      code: 'REFUSED_FOR_OTHER_REASON',
    });
  });

  it('is none where the app received the call, whatever it answered', () => {
    expect(refusedBySidecar(call('7', 'via_upstream'), { ...expected, grpc: true })).toMatchObject({
      kind: 'fail',
      code: 'JWT_NOT_REQUIRED',
    });
  });
});

describe('a service of tcp', () => {
  const full = healthyService({
    protocol: 'tcp',
    access: [{ kind: 'services', policy: 'apps/orders-1', from: ['httpbin'], scope: {} }],
  });
  const { host: _host, audience: _audience, tokenPolicy: _policy, control: _control, ...service } = full;
  const lab = labWith(service);
  const filter: RbacFilter = {
    action: 'ALLOW',
    policies: [
      {
        name: 'ns[apps]-policy[orders-1]-rule[0]',
        permissions: [{ kind: 'port', port: 8080 }],
        principals: [
          {
            kind: 'principal',
            value: { how: 'exact', text: 'spiffe://cluster.local/ns/apps/sa/httpbin', ignoreCase: false },
          },
        ],
      },
    ],
  };
  const open: RbacFilter = {
    action: 'ALLOW',
    policies: [
      { name: 'ns[apps]-policy[any]-rule[0]', permissions: [{ kind: 'any' }], principals: [{ kind: 'any' }] },
    ],
  };

  function found(rbac: readonly RbacFilter[]): ServiceEvidenceMap {
    const healthy = healthyServiceEvidence(full, labWith(full), material);
    const own = healthy['service.proxies'].own.map((proxy) => ({
      ...proxy,
      listeners: proxy.listeners.map((listener) => ({
        ...listener,
        chains: listener.chains.map((chain) => ({
          ...chain,
          http: undefined,
          filters: ['envoy.filters.network.rbac', 'envoy.filters.network.tcp_proxy'],
          rbac,
        })),
      })),
    }));
    return {
      ...healthy,
      'service.cells': serviceMatrix(service, lab.services, lab.users).map((cell) => ({
        cell,
        how: 'configuration',
        request: judgedRequest(lab, service, cell, 8080),
      })),
      'service.proxies': { ...healthy['service.proxies'], own },
      'service.wire': healthy['service.wire'].map((pod) => ({
        ...pod,
        honest: { ...pod.honest, wire: { ...ended('timeout'), protocol: 'TLSv1.3' }, record: undefined },
      })),
    };
  }
  const judged = (id: string, rbac: readonly RbacFilter[]) =>
    verdictsOf(id, found(rbac), { service, lab, at: NOW }).map(({ id: one, verdict }) => [one, verdict.kind]);

  it('is judged by the connections that its sidecar would admit', () => {
    const cells = judged('MD-RBAC-001', [filter]);
    expect(cells).toEqual([['httpbin-connect', 'pass']]);
    expect(judged('MD-RBAC-002', [filter])).toEqual([
      ['ledger-connect', 'pass'],
      ['caller-connect', 'pass'],
    ]);
    expect(judged('MD-RBAC-008', [filter])).toEqual([['', 'pass']]);
    expect(judged('MD-WRK-003', [filter])).toContainEqual(['protocol', 'pass']);
  });

  it('is open where everybody is admitted, and unknown where no filter was seen', () => {
    expect(judged('MD-RBAC-002', [open])).toEqual([
      ['ledger-connect', 'fail'],
      ['caller-connect', 'fail'],
    ]);
    expect(judged('MD-RBAC-008', [open])).toEqual([['', 'fail']]);
    expect(judged('MD-RBAC-008', [])).toEqual([['', 'unknown']]);
  });

  it('accepts the honest identity where its handshake is not refused', () => {
    expect(judged('MD-MESH-018', [filter])).toEqual([['', 'pass']]);
    const refused = found([filter])['service.wire'].map((pod) => ({
      ...pod,
      honest: { ...pod.honest, wire: ended('alert', 'unknown_ca') },
    }));
    const evidence = { ...found([filter]), 'service.wire': refused };
    expect(verdictsOf('MD-MESH-018', evidence, { service, lab, at: NOW })[0]?.verdict.kind).toBe('fail');
  });

  it('has no tokens to judge', () => {
    expect(judged('MD-JWT-010', [filter])).toEqual([['', 'skip']]);
  });
});
