import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read.ts';

/** What is said of a file; empty when nothing is. */
function said(text: string, zone?: string): readonly string[] {
  try {
    parseConfig('m.yaml', text, zone);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

const service = (lines: string, id = 'orders'): string =>
  `services:\n  ${id}:\n    image: team/orders:1\n    port: 8080\n    ${lines}\n`;

const USERS = 'identity: { users: { ann: { roles: [clerk] }, joe: {} } }\n';

/** A second service, so that there is somebody to name. */
const STOCK = '  stock: { image: stock, port: 80 }\n';

describe('services', () => {
  it('are read with everything that the specification has', () => {
    const text = `apiVersion: meshdev/v1
domain: lab.test
sample: true
identity:
  users: { alice: { roles: [admin] }, bob: { roles: [viewer] }, eve: {} }
services:
  orders:
    build: { context: ./orders, dockerfile: Dockerfile.dev, target: dev, args: { A: 1 } }
    port: 8080
    extraPorts: [{ name: metrics, port: 9090 }]
    appProtocol: http
    host: orders
    namespace: shop
    environment: { STOCK_URL: "http://stock:8080", DEBUG: true, LIMIT: 3 }
    env_file: [./a.env]
    secrets: { db: { file: ./db }, key: { environment: KEY, variable: API_KEY } }
    volumes: [/tmp, "./conf/a.yaml:/etc/a.yaml:ro"]
    resources: { cpu: 0.5, memory: 256Mi }
    replicas: 2
    command: [node, server.js]
    health: /healthz
    login: none
    trust: true
    allow:
      - { roles: [admin, viewer], methods: [GET, HEAD], paths: [/orders, /orders/*, /healthz] }
      - { users: [eve], paths: ["*/public"] }
      - { from: [web], methods: [GET], paths: [/internal/*] }
    egress: ["api.example.com:443"]
    headers: [X-Tenant-Id]
    check: { path: /healthz, as: alice }
    active: safe
    depends_on: [stock]
  stock: { manifests: ./k8s/stock, port: 8080, allow: [{ from: [orders] }] }
  web: { local: { port: 5173, command: npm run dev, cwd: ./web }, host: www.lab.test }
  queue: { image: "queue:1", port: 5432, appProtocol: tcp, allow: [{ from: [orders] }] }
  pay: { image: pay, port: 50051, appProtocol: grpc, health: { grpc: true }, allow: [{ from: [orders] }], check: {} }
`;
    expect(said(text)).toEqual([]);
    expect(parseConfig('m.yaml', text).services?.['orders']).toMatchObject({
      environment: { STOCK_URL: 'http://stock:8080', DEBUG: 'true', LIMIT: '3' },
      resources: { cpu: '0.5', memory: '256Mi' },
    });
  });

  it.each([
    // Where the program comes from.
    [
      'build: .',
      '5:5',
      'image and build are both given: needs exactly one of image, build, manifests, local',
    ],
    // Keys and values.
    ['prot: 1', '5:5', 'Unrecognized key: "prot"; did you mean port?'],
    ['login: required', '5:12', 'required is not supported yet'],
    ['login: always', '5:12', 'must be none'],
    ['secrets: { db: hunter2 }', '5:20', 'a secret is never written into this file'],
    ['secrets: { db: { file: a, environment: B } }', '5:20', 'needs exactly one of file and environment'],
    ['environment: { A: }', '5:23', 'must be a value'],
    ['command: npm start', '5:14', 'must be a list, such as [node, server.js]'],
    ['replicas: 0', '5:15', 'must be from 1 to 10'],
    ['volumes: ["data:/var/lib"]', '5:15', 'data is a named volume'],
    ['volumes: ["/etc/passwd:/etc/passwd"]', '5:15', '/etc/passwd is a path of this machine'],
    ['volumes: ["../up:/etc/a"]', '5:15', '../up is outside of the project'],
    ['volumes: ["./a/../../up:/etc/a"]', '5:15', 'is outside of the project'],
    ['volumes: ["./dir/:/etc/a"]', '5:15', './dir/ is a directory'],
    ['volumes: ["./a:/etc/a:rw"]', '5:15', '"rw" is not supported'],
    ['volumes: [tmp]', '5:15', 'must be an absolute path'],
    ['health: healthz', '5:13', 'must be a path: it begins with /'],
    ['health: { grpc: true }', '5:13', 'is of gRPC, and the service is http: must be a path'],
    ['egress: [example.com]', '5:14', 'must be host:port'],
    ['headers: [X-Tenant-Id]', '5:5', 'has no effect without a host'],
    // Ports.
    ['extraPorts: [{ name: a, port: 70000 }]', '5:35', 'must be from 1 to 65535'],
    ['extraPorts: [{ name: a, port: 8080 }]', '5:35', '8080 is a port of this service already'],
    ['extraPorts: [{ name: a, port: 15006 }]', '5:35', '15006 is a port of the sidecar'],
    ['extraPorts: [{ name: a, port: 1 }, { name: a, port: 2 }]', '5:48', 'a is the name of another port'],
    // Names.
    ['host: auth', '5:11', 'auth.mesh.localhost is the name of the identity provider'],
    ['host: httpbin', '5:11', 'httpbin.mesh.localhost is the name of the sample service'],
    ['host: twin-a', '5:11', 'twin-a.mesh.localhost is the name of the decoys of check'],
    ['host: gateway.mesh.localhost', '5:11', 'is the name of the certificate of the gateway'],
    ['host: orders.example.com', '5:11', 'orders.example.com is outside of the zone mesh.localhost'],
    ['host: mesh.localhost', '5:11', 'mesh.localhost is outside of the zone mesh.localhost'],
    ['host: Orders', '5:11', 'must be a DNS name in lower case'],
    ['namespace: kube-system', '5:16', 'kube-system is a namespace of the system'],
    ['namespace: istio-ingress', '5:16', 'istio-ingress is a namespace of the system'],
    ['namespace: default', '5:16', 'pods in the namespace default have no sidecar'],
    ['namespace: Shop', '5:16', 'must be an RFC 1123 label'],
    // Who may.
    ['health: 3', '5:13', 'must be a path such as /healthz, or { grpc: true }'],
    ['allow: [{ from: [warehouse] }]', '5:22', 'there is no service warehouse; there is orders, stock'],
    ['allow: [{ from: [stokc] }]', '5:22', 'there is no service stokc; did you mean stock?'],
    ['allow: [{ paths: [/a] }]', '5:13', 'admits no caller: needs roles, users or from'],
    ['allow: [{ roles: [clerk] }]', '5:15', 'people come through the edge, and orders has no host'],
    ['allow: [{ from: [stock], paths: [/a/*/b] }]', '5:38', 'has "*" inside'],
    ['allow: [{ from: [stock], paths: ["*a*"] }]', '5:38', 'has "*" inside'],
    ['allow: [{ from: [stock], paths: [a] }]', '5:38', 'begins with neither / nor *'],
    ['allow: [{ from: [stock], paths: ["/a?b=1"] }]', '5:38', 'has a query or fragment'],
    ['allow: [{ from: [stock], paths: ["/{id}"] }]', '5:38', 'has braces'],
    ['allow: [{ from: [stock], paths: [/a//b] }]', '5:38', 'has "//", which the proxies merge'],
    ['allow: [{ from: [stock], paths: [/a/../b] }]', '5:38', 'has a segment of dots'],
    ['allow: [{ from: [stock], methods: [get] }]', '5:40', 'get is no method of HTTP; did you mean GET?'],
    ['allow: [{ from: [stock], methods: [GET, GET] }]', '5:39', 'has an item twice'],
    ['depends_on: [sotck]', '5:18', 'there is no service sotck; did you mean stock?'],
    ['depends_on: [orders]', '5:18', 'is a circle: orders → orders'],
    // Checks.
    ['check: { path: /a, as: ann }', '5:24', 'people come through the edge, and orders has no host'],
    ['check: { rpc: a.B/C }', '5:14', 'is of gRPC: needs path, or appProtocol: grpc'],
    ['check: { rpc: nonsense }', '5:19', 'must be package.Service/Method'],
    ['check: {}', '5:5', 'needs a path, or health with one'],
    ['check: { path: /a }', '5:5', 'anybody may not send GET /a to orders: no rule of allow lets it through'],
  ])('%s is refused where it stands', (line, at, message) => {
    const problems = said(`${service(line)}${STOCK}${USERS}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`m.yaml:${at} services.`);
    expect(problems[0]).toContain(message);
  });

  it.each([
    ['allow: [{ roles: [clrek] }]', 'there is no user with the role clrek; did you mean clerk?'],
    ['allow: [{ users: [anne] }]', 'there is no user anne; did you mean ann?'],
    [
      'allow: [{ roles: [clerk], from: [stock] }]',
      'people come through the gateway, services with their own',
    ],
    ['check: { path: /a, as: bill }', 'there is no user bill'],
    ['check: { path: /a }', 'needs as: the user who sends the request'],
    ['allow: [{ roles: [clerk], paths: [/b] }]\n    check: { path: /a, as: ann }', 'ann may not send GET /a'],
    ['appProtocol: tcp', 'appProtocol tcp is for the inside of the mesh'],
    ['appProtocol: tpc', 'must be one of http, http2, grpc, tcp'],
  ])('%s is refused for a service with a host', (lines, message) => {
    const problems = said(`${service(`host: orders\n    ${lines}`)}${STOCK}${USERS}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it.each([
    [
      'appProtocol: tcp\n    allow: [{ roles: [clerk] }]',
      'allow.0.roles: has no meaning with appProtocol tcp',
    ],
    ['appProtocol: tcp\n    allow: [{ from: [stock], methods: [GET] }]', 'allow.0.methods: has no meaning'],
    ['appProtocol: tcp\n    health: /a', 'health: has no meaning with appProtocol tcp'],
    ['appProtocol: tcp\n    check: { path: /a }', 'check: has no meaning with appProtocol tcp'],
    ['appProtocol: grpc\n    health: /a', 'health: is a path, and the service is gRPC'],
    ['appProtocol: grpc\n    allow: [{ from: [stock] }]\n    check: { path: /a }', 'check.path: is of HTTP'],
    [
      'appProtocol: grpc\n    allow: [{ from: [stock] }]\n    check: {}',
      'check: needs rpc: package.Service/Method',
    ],
    ['appProtocol: grpc\n    allow: [{ from: [stock], methods: [GET] }]', 'gRPC sends POST only, never GET'],
  ])('%s is refused for its protocol', (lines, message) => {
    const problems = said(`${service(lines)}${STOCK}${USERS}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it('say what they lack inside of a key with two forms', () => {
    expect(said('services: { a: { build: { contxt: . }, port: 1 } }')).toEqual([
      expect.stringContaining('services.a.build.context: Invalid input: expected string'),
      expect.stringContaining('services.a.build: Unrecognized key: "contxt"; did you mean context?'),
    ]);
    expect(said(service('secrets: { db: { value: hunter2 } }'))).toEqual([
      expect.stringContaining('services.orders.secrets.db: needs exactly one of file and environment'),
      expect.stringContaining('services.orders.secrets.db: Unrecognized key: "value"'),
    ]);
  });

  it.each([
    ['a: { port: 1 }', 'services.a: needs one of image, build, manifests, local'],
    ['a: { image: a }', 'services.a: needs a port: the one that is routed'],
    ['a: { local: { port: 1 }, port: 2 }', 'the port of a local process is local.port'],
    ['a: { local: { port: 1 }, replicas: 2 }', 'services.a.replicas: has no effect with local'],
    [
      'a: { manifests: k8s, port: 2, environment: { A: b } }',
      'services.a.environment: has no effect with manifests',
    ],
    ['a: { local: { port: 1 }, namespace: -b }', 'services.a.namespace: must be an RFC 1123 label'],
    ['A_b: { image: a, port: 1 }', 'services.A_b: must be an RFC 1123 label'],
    ['gateway: { image: a, port: 1 }', 'services.gateway: gateway is reserved: a component of the lab'],
    ['intruder: { image: a, port: 1 }', 'intruder is reserved'],
    ['httpbin: { image: a, port: 1 }', 'httpbin is reserved for the sample service; sample: false frees it'],
    ['ledger: { image: a, port: 1 }', 'ledger is reserved for the sample service'],
    ['a:', 'services.a: Invalid input: expected object, received null'],
    ['__proto__: { image: a, port: 1 }', 'm.yaml:2:3 __proto__ cannot be a key'],
  ])('%s is refused as a whole', (entry, message) => {
    const problems = said(`services:\n  ${entry}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it('collide with each other by host, in both spellings', () => {
    const text = `domain: lab.test
services:
  a: { image: a, port: 1, host: www }
  b: { image: b, port: 1, host: www.lab.test }
  c: { image: c, port: 1, host: other }
`;
    expect(said(text)).toEqual(['m.yaml:4:33 services.b.host: www.lab.test is the host of a already']);
  });

  it('are inside of the zone that a flag gives, before that of the file', () => {
    const text = `domain: lab.test\n${service('host: orders.my.test')}`;
    expect(said(text)).toHaveLength(1);
    expect(said(text, 'my.test')).toEqual([]);
  });

  it('may have the names of the sample where there is none', () => {
    const entry = service('host: httpbin', 'httpbin');
    expect(said(entry)).toHaveLength(2);
    expect(said(`sample: false\n${entry}`)).toEqual([]);
  });

  it('depend on each other in a circle: said once, where it closes', () => {
    const text = `services:
  a: { image: a, port: 1, depends_on: [b] }
  b: { image: b, port: 1, depends_on: [c] }
  c: { image: c, port: 1, depends_on: [a] }
  d: { image: d, port: 1, depends_on: [a] }
`;
    expect(said(text)).toEqual(['m.yaml:4:40 services.c.depends_on.0: is a circle: a → b → c → a']);
  });
});

describe('users', () => {
  it.each([
    ['Ann: {}', 'identity.users.Ann: must be 1 to 31 of a-z'],
    ['ann: { roles: [a*] }', 'identity.users.ann.roles.0: must be 1 to 63 letters'],
    ['ann: { role: [a] }', 'Unrecognized key: "role"; did you mean roles?'],
    ['nobody: {}', 'nobody is reserved'],
    ['meshdev-ci: {}', 'meshdev-ci is reserved'],
    ['alice: { roles: [viewer] }', 'the sample has a user alice with the role admin'],
    ['eve: { roles: [viewer] }', 'the sample has a user eve with no role'],
  ])('%s', (entry, message) => {
    const problems = said(`identity: { users: { ${entry} } }`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it('of the sample are there while it is', () => {
    const rule = service('host: orders\n    allow: [{ roles: [viewer], users: [alice] }]');
    expect(said(rule)).toEqual([]);
    expect(said(`sample: false\n${rule}`)).toEqual([
      expect.stringContaining('there is no user with the role viewer; there is no role'),
      expect.stringContaining('there is no user alice; there is no user'),
    ]);
    expect(said('sample: false\nidentity: { users: { alice: { roles: [viewer] } } }')).toEqual([]);
  });
});

describe('a file with ten mistakes', () => {
  const text = `nmae: demo
domain: lab.test
identity:
  users: { ann: { roles: [clerk] } }
services:
  orders:
    image: orders
    port: 80800
    host: auth
    allow:
      - { roles: [clrek], methods: [get], paths: [/a/*/b] }
    secrets: { db: hunter2 }
    depends_on: [stokc]
  stock:
    image: stock
    build: .
    port: 8080
    login: required
`;

  it('has ten messages, each with line and column, and no value of a secret', () => {
    const problems = said(text);
    expect(problems.map((line) => line.split(': ')[0])).toEqual([
      'm.yaml:1:1 Unrecognized key',
      'm.yaml:8:11 services.orders.port',
      'm.yaml:9:11 services.orders.host',
      'm.yaml:11:19 services.orders.allow.0.roles.0',
      'm.yaml:11:37 services.orders.allow.0.methods.0',
      'm.yaml:11:51 services.orders.allow.0.paths.0',
      'm.yaml:12:20 services.orders.secrets.db',
      'm.yaml:13:18 services.orders.depends_on.0',
      'm.yaml:16:5 services.stock.build',
      'm.yaml:18:12 services.stock.login',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });
});

it('a file whose aliases grow without end is refused', () => {
  const rows = Array.from({ length: 9 }, (_, at) => `  a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
  const bomb = `x:\n  a0: &a0 [1]\n${rows.join('\n')}\n`;
  expect(said(bomb)).toEqual([expect.stringContaining('m.yaml:1:1 Excessive alias count')]);
});
