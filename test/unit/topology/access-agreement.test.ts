import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personasOf, servicesOf } from '../../../src/config/services/derive.ts';
import type { ConfigFile } from '../../../src/config/schema.ts';
import { policies } from '../../../src/mesh/manifests/policies.ts';
import { servicePolicies } from '../../../src/mesh/manifests/service-policies.ts';
import { METHODS, type Requester, rulesThatAllow } from '../../../src/topology/access.ts';
import { principal } from '../../../src/topology/identity.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import type { Persona, Service } from '../../../src/topology/service.ts';
import { serviceMatrix } from '../../../src/topology/service-matrix.ts';
import { decide, type SeenRequest } from '../../support/istio-policies.ts';

/*
 * One value, two readers: the policies that a lab gets, read as Istio reads them, allow exactly what the access matrix
 * says, and by the policies that it names.
 */

const lab = createLab({ ...DEFAULT_CHOICE, domain: 'lab.test' });
const ROOT = 'istio-system';

const PATTERNS = [
  '*',
  '/',
  '/orders',
  '/orders/*',
  '/orders/1',
  '/o*',
  '*/public',
  '*.json',
  '/orders/public',
];
const PATHS = [
  '/',
  '/orders',
  '/orders/',
  '/orders/1',
  '/orders/public',
  '/ordersx',
  '/other',
  '/a/b.json',
  '/public',
  '/x',
];
const IDS = ['orders', 'stock', 'web'];
const ROLES = ['admin', 'viewer', 'clerk'];
const USERS = ['alice', 'bob', 'eve', 'ann'];

function some<T extends string>(items: readonly T[]) {
  return fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 });
}
const scope = { methods: some(METHODS), paths: some(PATTERNS) };
const people = fc
  .record({ roles: some(ROLES), users: some(USERS), ...scope }, { requiredKeys: [] })
  .filter(({ roles, users }) => roles !== undefined || users !== undefined);
const callers = fc.record({ from: some([...IDS, 'unknown']), ...scope }, { requiredKeys: ['from'] });

const http = fc.record({
  image: fc.constant('app'),
  port: fc.constantFrom(80, 8080),
  host: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom('apps', 'shop'),
  allow: fc.array(fc.oneof(people, callers), { maxLength: 4 }),
});
const tcp = fc.record({
  image: fc.constant('db'),
  port: fc.constant(5432),
  appProtocol: fc.constant('tcp' as const),
  allow: fc.array(fc.record({ from: some(IDS) }), { maxLength: 3 }),
});
const manifests = fc.record({
  manifests: fc.constant('./k8s'),
  port: fc.constant(80),
  allow: fc.array(callers, { maxLength: 3 }),
});
const file = fc.record({
  identity: fc.record({
    users: fc.record({ ann: fc.record({ roles: fc.shuffledSubarray(['clerk', 'viewer']) }) }),
  }),
  services: fc.record({ orders: http, stock: fc.oneof(http, tcp), web: fc.oneof(http, manifests) }),
});

interface Named {
  readonly name: string;
  readonly who: Requester;
}

function subjectsOf(services: readonly Service[], personas: readonly Persona[]): readonly Named[] {
  return [
    ...personas.map(({ name, roles }) => ({ name, who: { kind: 'person', name, roles } as const })),
    { name: 'nobody', who: { kind: 'no-token' } },
    ...[...services.map(({ id }) => id), 'caller'].map((id) => ({
      name: id,
      who: { kind: 'service', id } as const,
    })),
  ];
}

/** What the sidecar of the service sees of the request. */
function seenBy(
  service: Service,
  services: readonly Service[],
  { who, ...place }: { readonly who: Requester; readonly method?: string; readonly path?: string },
): SeenRequest {
  const { host, port, selector, identity } = service;
  const request = {
    workload: { namespace: identity.namespace, labels: selector },
    port: port.target ?? 8080,
    ...(service.protocol === 'tcp' ? {} : { host: host ?? `${service.id}:${port.service}`, ...place }),
  };
  if (who.kind === 'service') {
    const caller = services.find(({ id }) => id === who.id)?.identity ?? lab.workloads.caller;
    return { ...request, principal: principal(caller) };
  }
  const throughGateway = { ...request, principal: principal(lab.workloads.gateway) };
  return who.kind === 'no-token'
    ? throughGateway
    : { ...throughGateway, requestPrincipal: `${lab.issuer}/${who.name}`, roles: who.roles };
}

const objectsOf = (services: readonly Service[]) => [
  ...policies(lab),
  ...servicePolicies({ ...lab, services }),
];

function labOf(values: ConfigFile) {
  const services = servicesOf(values, lab);
  return { services, personas: personasOf(values), objects: objectsOf(services) };
}

describe('policies and access rules', () => {
  it('decide every request alike, and name the same policies', () => {
    fc.assert(
      fc.property(file, fc.constantFrom(...METHODS), fc.constantFrom(...PATHS), (values, method, path) => {
        const { services, personas, objects } = labOf(values);
        for (const service of services)
          for (const { who } of subjectsOf(services, personas)) {
            const place = service.protocol === 'tcp' ? {} : { method, path };
            const rules = rulesThatAllow(service.access, { who, ...place });
            const seen = seenBy(service, services, { who, ...place });
            expect(decide(objects, ROOT, seen)).toEqual({
              allowed: rules.length > 0,
              by: rules.map(({ policy }) => policy),
            });
          }
      }),
      { numRuns: 150 },
    );
  });

  it('agree on every cell of the access matrix', () => {
    fc.assert(
      fc.property(file, (values) => {
        const { services, personas, objects } = labOf(values);
        for (const service of services) {
          const subjects = subjectsOf(services, personas);
          const cells = serviceMatrix(service, services, personas);
          expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
          for (const { subject, way, expected, by, allowedBy, method, path } of cells) {
            const who = subjects.find(
              (each) => each.name === subject && (each.who.kind === 'service') === (way === 'mesh'),
            )?.who ?? { kind: 'no-token' };
            const place = method === undefined || path === undefined ? {} : { method, path };
            const decision = decide(objects, ROOT, seenBy(service, services, { who, ...place }));
            expect(decision).toEqual({ allowed: expected === 'allow', by: allowedBy });
            expect(by).toBe(allowedBy[0] ?? 'none');
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('have no empty list, which Istio would take for no restriction', () => {
    fc.assert(
      fc.property(file, (values) => {
        for (const { ['spec']: spec } of servicePolicies({ ...lab, services: servicesOf(values, lab) }))
          expect(JSON.stringify(spec).replace('"rules":[]', '')).not.toContain('[]');
      }),
    );
  });
});

describe('what nobody but the gateway may bring', () => {
  const values: ConfigFile = {
    services: {
      orders: {
        image: 'a',
        port: 80,
        host: 'orders',
        allow: [{ roles: ['admin'] }, { from: ['web'], methods: ['GET'] }],
      },
      web: { image: 'b', port: 80, extraPorts: [{ name: 'debug', port: 90 }], allow: [{ from: ['orders'] }] },
    },
  };
  const { services, objects } = labOf(values);
  const [orders, web] = services;
  if (orders === undefined || web === undefined) throw new Error('two services are there');
  const alice = {
    who: { kind: 'person', name: 'alice', roles: ['admin'] },
    method: 'GET',
    path: '/',
  } as const;

  it.each([
    ['as it is', {}, true],
    ['from another workload', { principal: principal(web.identity), method: 'POST' }, false],
    ['without a principal of the mesh', { principal: '' }, false],
    ['for another host', { host: 'other.lab.test' }, false],
    ['for the host with its port', { host: 'orders.lab.test:8443' }, true],
    ['at another port of the pod', { port: 9999 }, false],
    ['of another issuer', { requestPrincipal: 'https://evil.test/alice' }, false],
    ['without roles', { roles: [] }, false],
    [
      'to another workload of the namespace',
      { workload: { namespace: 'apps', labels: { app: 'x' } } },
      false,
    ],
    ['to the same labels elsewhere', { workload: { namespace: 'b', labels: { app: 'orders' } } }, false],
  ])('a token of a person %s', (_, change, allowed) => {
    const seen = { ...seenBy(orders, services, alice), ...change };
    expect(decide(objects, ROOT, seen).allowed).toBe(allowed);
  });

  it.each([
    [80, true],
    [90, true],
    [91, false],
  ])('a caller reaches port %i of those that are named: %s', (port, allowed) => {
    const who = { kind: 'service', id: 'orders' } as const;
    const seen = { ...seenBy(web, services, { who, method: 'GET', path: '/' }), port };
    expect(decide(objects, ROOT, seen).allowed).toBe(allowed);
  });
});
