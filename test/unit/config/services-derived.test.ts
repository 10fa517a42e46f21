import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read.ts';
import { personasOf, servicesOf } from '../../../src/config/services/derive.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { serviceMatrix } from '../../../src/topology/service-matrix.ts';

const lab = createLab({ ...DEFAULT_CHOICE, domain: 'lab.test', httpsPort: 8443 });
const derive = (text: string, facts?: Parameters<typeof servicesOf>[2]) =>
  servicesOf(parseConfig('m.yaml', `domain: lab.test\n${text}`), lab, facts);

describe('a service', () => {
  it('that is exposed has its names, identity, rules and control from a few words', () => {
    const [orders] = derive(`services:
  orders:
    build: ./orders
    port: 8080
    host: orders
    allow:
      - { roles: [admin], methods: [GET], paths: [/healthz] }
      - { from: [web] }
    check: { path: /healthz, as: alice }
  web: { image: web, port: 80 }
`);
    expect(orders).toEqual({
      id: 'orders',
      host: 'orders.lab.test',
      audience: 'https://orders.lab.test:8443',
      tokenPolicy: 'apps/orders-tokens',
      identity: { trustDomain: 'cluster.local', namespace: 'apps', serviceAccount: 'orders' },
      selector: { app: 'orders' },
      port: { service: 8080, target: 8080 },
      extraPorts: [],
      protocol: 'http',
      source: { kind: 'build', context: './orders', args: {} },
      container: { environment: {}, envFiles: [], secrets: [], volumes: [], resources: {}, trust: false },
      app: 'opaque',
      access: [
        {
          kind: 'people',
          policy: 'apps/orders-1',
          roles: ['admin'],
          users: [],
          scope: { methods: ['GET'], paths: ['/healthz'] },
        },
        { kind: 'services', policy: 'apps/orders-2', from: ['web'], scope: {} },
      ],
      callers: ['web'],
      dependsOn: [],
      trustedHeaders: [],
      control: { method: 'GET', path: '/healthz', as: { person: 'alice' } },
      active: 'safe',
    });
  });

  it('has its container run as compose and Kubernetes would be told', () => {
    const [orders] = derive(`services:
  orders:
    image: shop/orders:1.4
    port: 8080
    command: [node, server.js]
    environment: { STOCK_URL: 'http://stock:8080', DEBUG: true }
    env_file: ./orders.env
    secrets: { db: { file: ./db.txt }, key: { environment: ORDERS_KEY, variable: KEY } }
    volumes: [/tmp, './orders.conf:/etc/orders.conf']
    resources: { cpu: 0.5, memory: 256Mi }
    replicas: 2
    health: /healthz
    trust: true
`);
    expect(orders?.container).toEqual({
      command: ['node', 'server.js'],
      environment: { STOCK_URL: 'http://stock:8080', DEBUG: 'true' },
      envFiles: ['./orders.env'],
      secrets: [
        { name: 'db', from: { file: './db.txt' } },
        { name: 'key', from: { environment: 'ORDERS_KEY' }, variable: 'KEY' },
      ],
      volumes: [
        { kind: 'empty', at: '/tmp' },
        { kind: 'file', source: './orders.conf', at: '/etc/orders.conf' },
      ],
      resources: { cpu: '0.5', memory: '256Mi' },
      replicas: 2,
      health: { kind: 'http', path: '/healthz' },
      trust: true,
    });
  });

  it('inside of the mesh is asked by the first caller that may', () => {
    const [stock] = derive(`services:
  stock:
    image: stock
    port: 80
    health: /ok
    allow: [{ from: [a], methods: [POST] }, { from: [b] }]
    check: {}
  a: { image: a, port: 80 }
  b: { image: b, port: 80 }
`);
    expect(stock?.control).toEqual({ method: 'GET', path: '/ok', as: { service: 'b' } });
    expect(stock?.host).toBeUndefined();
  });

  it.each([
    ['check: { rpc: shop.Orders/List }', '/shop.Orders/List'],
    ['check: {}\n    health: { grpc: true }', '/grpc.health.v1.Health/Check'],
  ])('of gRPC is asked by POST: %s', (lines, path) => {
    const [pay] = derive(
      `services:\n  pay:\n    image: pay\n    port: 80\n    appProtocol: grpc\n    allow: [{ from: [b] }]\n    ${lines}\n  b: { image: b, port: 80 }\n`,
    );
    expect(pay?.control).toEqual({ method: 'POST', path, as: { service: 'b' } });
  });

  it('of manifests is what they say, where they were read', () => {
    const text =
      'services: { stock: { manifests: ./k8s, port: 80, extraPorts: [{ name: m, port: 90 }], allow: [{ from: [stock] }] } }';
    expect(derive(text)[0]).toMatchObject({ port: { service: 80 }, selector: { app: 'stock' } });
    expect(derive(text)[0]?.port).not.toHaveProperty('target');
    const parts = { workload: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' }, namespaces: [] };
    const fact = {
      namespace: 'shop',
      serviceAccount: 'keeper',
      selector: { tier: 'db' },
      targetPort: 9000,
      extraTargets: new Map([[90, 9090]]),
      parts,
    };
    expect(derive(text, new Map([['stock', fact]]))[0]).toMatchObject({
      identity: { namespace: 'shop', serviceAccount: 'keeper' },
      selector: { tier: 'db' },
      port: { service: 80, target: 9000 },
      extraPorts: [{ name: 'm', port: 90, target: 9090 }],
      manifests: parts,
      access: [{ policy: 'shop/stock-1' }],
    });
  });

  it('on this machine has the port of its process', () => {
    expect(derive('services: { web: { local: { port: 5173, cwd: ./web }, host: www } }')[0]).toMatchObject({
      source: { kind: 'local', port: 5173, cwd: './web' },
      port: { service: 5173, target: 5173 },
    });
  });
});

describe('users', () => {
  const names = (text: string) => personasOf(parseConfig('m.yaml', text)).map(({ name }) => name);

  it('are those of the sample while it is there, and those of the file beside them, each once', () => {
    const text = 'identity: { users: { ann: {}, alice: { roles: [admin] } } }';
    expect(names(text)).toEqual(['bob', 'eve', 'ann', 'alice']);
    expect(names(`sample: false\n${text}`)).toEqual(['ann', 'alice']);
    expect(names('{}')).toEqual(['alice', 'bob', 'eve']);
  });
});

describe('the access matrix', () => {
  const values = parseConfig(
    'm.yaml',
    `services:
  orders:
    image: orders
    port: 80
    host: orders
    allow:
      - { roles: [admin, viewer], methods: [GET], paths: [/orders/*] }
      - { roles: [admin], methods: [GET, POST], paths: [/orders/*] }
      - { from: [web] }
  web: { image: web, port: 80 }
  db: { image: db, port: 5432, appProtocol: tcp, allow: [{ from: [web] }] }
`,
  );
  const services = servicesOf(values, lab);
  const cells = services.flatMap((service) => serviceMatrix(service, services, personasOf(values)));
  const decided = (service: string, id: string) => {
    const cell = cells.find((each) => each.service === service && each.id === id);
    return cell === undefined ? undefined : [cell.expected, cell.by, cell.allowedBy];
  };

  it.each([
    ['alice-get-orders-meshdev', ['allow', 'apps/orders-1', ['apps/orders-1', 'apps/orders-2']]],
    ['alice-post-orders-meshdev', ['allow', 'apps/orders-2', ['apps/orders-2']]],
    ['bob-post-orders-meshdev', ['deny', 'none', []]],
    ['alice-delete-orders-meshdev', ['deny', 'none', []]],
    ['alice-get-meshdev-unlisted', ['deny', 'none', []]],
    ['nobody-get-orders-meshdev', ['deny', 'none', []]],
    ['web-delete-meshdev-unlisted', ['allow', 'apps/orders-3', ['apps/orders-3']]],
    ['caller-get-orders-meshdev', ['deny', 'none', []]],
  ])('orders: %s', (id, wanted) => {
    expect(decided('orders', id)).toEqual(wanted);
  });

  it('has callers alone for what has no host, and connections for tcp', () => {
    expect(cells.filter(({ service }) => service === 'web').every(({ way }) => way === 'mesh')).toBe(true);
    expect(cells.filter(({ service }) => service === 'db').map(({ id, expected }) => [id, expected])).toEqual(
      [
        ['orders-connect', 'deny'],
        ['web-connect', 'allow'],
        ['caller-connect', 'deny'],
      ],
    );
  });
});
