import { describe, expect, it } from 'vitest';
import { honestIdentity } from '../../../../src/probe/services/service-wire.ts';
import { judgedRequest, maySend } from '../../../../src/probe/services/service-cells.ts';
import { personalControl } from '../../../../src/probe/services/service-control.ts';
import {
  listeningPorts,
  refusesSidecar,
  routedPort,
  servicePorts,
} from '../../../../src/probe/services/service-pods.ts';
import { requestFor } from '../../../../src/probe/services/service-requests.ts';
import { sharedCollect } from '../../../../src/probe/shared-collect.ts';
import type { ServiceCell } from '../../../../src/topology/service-matrix.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';

const service = healthyService();
const lab = labWith(service);
const { host: _host, audience: _audience, tokenPolicy: _tokenPolicy, ...internal } = service;

function cell(more: Partial<ServiceCell> = {}): ServiceCell {
  return {
    id: 'c',
    service: 'orders',
    subject: 'alice',
    way: 'edge',
    method: 'GET',
    path: '/orders',
    expected: 'allow',
    by: 'apps/orders-1',
    allowedBy: ['apps/orders-1'],
    ...more,
  };
}

describe('requests that may change data of a user', () => {
  const full = { ...service, active: 'full' } as const;
  const rpc = {
    ...service,
    control: { method: 'POST', path: '/p.S/Check', as: { person: 'alice' } },
  } as const;
  const { method: _method, path: _path, ...connection } = cell();

  it.each([
    ['GET', service, cell(), true],
    ['HEAD', service, cell({ method: 'HEAD' }), true],
    ['POST', service, cell({ method: 'POST' }), false],
    ['DELETE', service, cell({ method: 'DELETE' }), false],
    ['POST where the user allows it', full, cell({ method: 'POST' }), true],
    ['the call that the user named', rpc, cell({ method: 'POST', path: '/p.S/Check' }), true],
    ['another call', rpc, cell({ method: 'POST', path: '/p.S/Delete' }), false],
    ['bytes over a connection of tcp', full, connection, false],
  ])('%s', (_, of, one, may) => {
    expect(maySend(of, one)).toBe(may);
  });
});

describe('a cell that is not sent', () => {
  it('is what the sidecar would see of a person: the gateway, the public host and the token', () => {
    expect(judgedRequest(lab, service, cell(), 8080)).toEqual({
      method: 'GET',
      path: '/orders',
      host: 'orders.mesh.localhost',
      port: 8080,
      principal: 'spiffe://cluster.local/ns/istio-ingress/sa/gateway',
      token: { issuer: lab.issuer, subject: 'alice', roles: ['admin'] },
    });
  });

  it('has no token where nobody signed in, and none between services', () => {
    const nobody = judgedRequest(lab, service, cell({ subject: 'nobody' }), 8080);
    const caller = judgedRequest(lab, service, cell({ subject: 'httpbin', way: 'mesh' }), 8080);
    expect([nobody.token, caller.token]).toEqual([undefined, undefined]);
    expect(caller).toMatchObject({
      principal: 'spiffe://cluster.local/ns/apps/sa/httpbin',
      host: 'orders.apps.svc.cluster.local:8080',
    });
  });
});

describe('the honest request of a service', () => {
  it('is a person’s through the edge, or there is none', () => {
    expect(personalControl(service)).toMatchObject({ person: 'alice', method: 'GET', path: '/orders' });
    expect(personalControl(internal)).toBeUndefined();
    const byService = {
      ...service,
      control: { method: 'GET', path: '/', as: { service: 'httpbin' } },
    } as const;
    expect(personalControl(byService)).toBeUndefined();
  });

  it('comes from the gateway where people do, else from a caller that some rule names', () => {
    expect(honestIdentity(lab, service)).toBe('spiffe://cluster.local/ns/istio-ingress/sa/gateway');
    expect(honestIdentity(lab, internal)).toBe('spiffe://cluster.local/ns/apps/sa/httpbin');
    expect(honestIdentity(lab, { ...internal, callers: [] })).toBe(
      'spiffe://cluster.local/ns/apps/sa/caller',
    );
  });
});

describe('a request on the wire', () => {
  const parts = { method: 'GET', path: '/x', host: 'h', agent: 'a', token: 't' };
  const rawOf = (method: string): string => {
    const request = requestFor({ protocol: 'http' }, { ...parts, method });
    return 'raw' in request ? Buffer.from(request.raw, 'base64').toString('latin1') : '';
  };

  it('is HTTP/1.1, with an empty body where the method has one', () => {
    expect(rawOf('GET')).toBe(
      'GET /x HTTP/1.1\r\nHost: h\r\nUser-Agent: a\r\nAuthorization: Bearer t\r\n\r\n',
    );
    expect(rawOf('POST')).toContain('\r\nContent-Length: 0\r\n\r\n');
  });

  it('is a call with one empty message for gRPC', () => {
    const request = requestFor({ protocol: 'grpc' }, { ...parts, method: 'POST' });
    expect(request).toMatchObject({ method: 'POST', path: '/x', body: '\0\0\0\0\0' });
    expect('headers' in request ? request.headers : []).toContainEqual(['Content-Type', 'application/grpc']);
  });
});

describe('ports of a service', () => {
  const object = (ports: readonly object[]) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'orders' },
    spec: { ports },
  });
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'app', ports: [{ name: 'web', containerPort: 3000 }] }] },
  };

  it('lead to the port of the pod: by number, by name, or to the same', () => {
    const ports = servicePorts(
      object([
        { port: 80, targetPort: 8080 },
        { port: 81, targetPort: 'web', name: 'http' },
        { port: 82 },
        { port: 83, targetPort: 'nobody' },
      ]),
      [pod],
    );
    expect(ports.map(({ target }) => target)).toEqual([8080, 3000, 82, 'nobody']);
  });

  it('are those of meshdev.yaml, else those of the Service; a port that leads nowhere is an error', () => {
    const seen = {
      pods: [],
      planned: [],
      revisions: [],
      peerRules: [],
      object: { ports: [{ port: 8080, target: 3000 }], endpoints: [] },
    };
    expect(routedPort(service, seen)).toBe(8080);
    expect(routedPort({ ...service, port: { service: 8080 } }, seen)).toBe(3000);
    expect(() => routedPort({ ...service, port: { service: 1 } }, seen)).toThrow(/no port 1 of the Service/);
  });

  it.each([
    [{ labels: { 'sidecar.istio.io/inject': 'false' } }, true],
    [{ annotations: { 'sidecar.istio.io/inject': 'false' } }, true],
    [{ labels: { 'sidecar.istio.io/inject': 'true' } }, false],
    [{}, false],
  ])('a pod with %o wants no sidecar: %s', (more, refuses) => {
    expect(refusesSidecar({ ...pod, metadata: { name: 'p', ...more } })).toBe(refuses);
  });

  it('that listen on the pod’s loopback alone are told from the others; those of Istio are left out', () => {
    const line = (address: string, port: number) =>
      `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1`;
    const text = [
      'header',
      line('00000000', 8080),
      line('0100007F', 9000),
      line('0100007F', 8080),
      line('00000000', 15_021),
    ].join('\n');
    expect(listeningPorts(text)).toEqual({ open: [8080], loopback: [9000] });
  });
});

describe('evidence of the lab that services share', () => {
  it('is gathered once, whoever asks', async () => {
    let times = 0;
    const collect = sharedCollect(async () => {
      times += 1;
      throw new Error('no lab');
    });
    await Promise.allSettled([collect('proxies'), collect('proxies')]);
    expect(times).toBe(1);
  });
});
