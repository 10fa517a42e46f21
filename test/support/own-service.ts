import { createLab, DEFAULT_CHOICE, type Lab } from '../../src/topology/lab.ts';
import type { ExposedService, Service } from '../../src/topology/service.ts';

export const PORT = 8080;
export const PODS = ['orders-5b8c-aaaaa', 'orders-5b8c-bbbbb'] as const;

/** A service as a user would write it: exposed, for people and for one caller, at two pods. */
export function healthyService(more: Partial<Service> = {}): ExposedService {
  const host = 'orders.mesh.localhost';
  return {
    id: 'orders',
    identity: { trustDomain: 'cluster.local', namespace: 'apps', serviceAccount: 'orders' },
    selector: { app: 'orders' },
    port: { service: PORT, target: PORT },
    extraPorts: [],
    protocol: 'http',
    source: { kind: 'image', image: 'orders:1' },
    app: 'opaque',
    access: [
      {
        kind: 'people',
        policy: 'apps/orders-1',
        roles: ['admin'],
        users: [],
        scope: { methods: ['GET', 'PATCH'], paths: ['/orders', '/orders/*'] },
      },
      {
        kind: 'services',
        policy: 'apps/orders-2',
        from: ['httpbin'],
        scope: { methods: ['GET'], paths: ['/internal/*'] },
      },
    ],
    callers: ['httpbin'],
    dependsOn: [],
    trustedHeaders: [],
    control: { method: 'GET', path: '/orders', as: { person: 'alice' } },
    active: 'safe',
    ...more,
    host,
    audience: `https://${host}`,
    tokenPolicy: 'apps/orders-tokens',
  };
}

export function labWith(service: Service): Lab {
  const lab = createLab(DEFAULT_CHOICE);
  return { ...lab, services: [...lab.services, service] };
}

/** Of its pods, in their order. */
export function addressOf(at: number): string {
  return `10.244.0.${at + 20}`;
}
