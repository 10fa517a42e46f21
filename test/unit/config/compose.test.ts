import { describe, expect, it } from 'vitest';
import { importCompose } from '../../../src/config/compose/import-compose.ts';

const take = (text: string) => importCompose('compose.yaml', text, {});

function refused(text: string): readonly string[] {
  try {
    take(text);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

const web = (lines: string): string => `services:\n  web:\n    image: web\n    expose: [80]\n    ${lines}\n`;

describe('a compose file', () => {
  it('becomes services with the same words', () => {
    const { services, notes } = take(`name: shop
services:
  web:
    build: { context: ., target: dev }
    command: node server.js
    ports: ["127.0.0.1:8080:80", { target: 9090 }]
    environment: ["A=b=c", API_KEY]
    env_file: .env
    volumes: ["./a.conf:/etc/a.conf:ro"]
    tmpfs: /tmp
    depends_on: { api: { condition: service_healthy } }
    restart: unless-stopped
    x-note: ours
  api:
    image: api:1
    expose: [3000]
    deploy: { replicas: 2, resources: { limits: { cpus: "0.5", memory: 512M } } }
    secrets: [token]
    depends_on: [db]
  db: { image: "postgres:17", expose: ["5432"], environment: { PRICE: $$5 } }
secrets: { token: { file: ./token } }
`);
    expect(services).toEqual({
      web: {
        build: { context: '.', target: 'dev' },
        command: ['node', 'server.js'],
        environment: { A: 'b=c' },
        secrets: { 'api-key': { environment: 'API_KEY', variable: 'API_KEY' } },
        env_file: '.env',
        volumes: ['./a.conf:/etc/a.conf:ro', '/tmp'],
        depends_on: ['api'],
        port: 80,
        host: 'web',
        extraPorts: [{ name: 'port-9090', port: 9090 }],
      },
      api: {
        image: 'api:1',
        port: 3000,
        replicas: 2,
        resources: { cpu: '0.5', memory: '512Mi' },
        secrets: { token: { file: './token' } },
        depends_on: ['db'],
        allow: [{ from: ['web'] }],
      },
      db: {
        image: 'postgres:17',
        environment: { PRICE: '$5' },
        port: 5432,
        appProtocol: 'tcp',
        allow: [{ from: ['api'] }],
      },
    });
    expect(notes).toEqual([
      'web: gets the host web, and no user may call it: add allow with roles or users',
      'db: port 5432 is taken for tcp, inside the mesh only',
      expect.stringContaining('api: its callers are those that depend on it'),
      expect.stringContaining('db: its callers are those that depend on it'),
    ]);
  });

  it.each([
    ['privileged: true', '5:5', 'privileged: has no meaning here: pods of a lab have no privileges'],
    ['networks: [front]', '5:5', 'networks: has no meaning here: policies separate services'],
    [
      'healthcheck: { test: [CMD, true] }',
      '5:5',
      'healthcheck: has no meaning here: commands are not run as probes',
    ],
    ['constructor: 1', '5:5', 'constructor: has no meaning here'],
    ['restart: "no"', '5:5', 'restart: is not supported'],
    ['volumes: ["data:/var/lib"]', '5:15', 'volumes.0: data is a named volume'],
    ['ports: ["53:53/udp"]', '5:13', 'ports.0: is UDP'],
    ['ports: ["8000-8010"]', '5:13', 'ports.0: is a range'],
    ['command: sh -c "a && b"', '5:5', 'command: needs a shell to be read'],
    ['environment: { A: "${B}" }', '5:23', 'has a variable of the shell in line 5'],
    ['environment: ["A=$B"]', '5:18', 'has a variable of the shell in line 5'],
    ['depends_on: [api]', '5:18', 'there is no service api'],
    [
      'depends_on: { web: { condition: service_completed_successfully } }',
      '5:37',
      'waits for a program that ends',
    ],
    ['secrets: [token]', '5:15', 'must be the name of a secret of the file'],
    ['deploy: { mode: global }', '5:15', 'deploy.mode: has no meaning here'],
    ['image: [a]', '5:5', 'Map keys must be unique'],
  ])('%s is refused by name, where it stands', (line, at, message) => {
    const said = refused(web(line)).find((problem) => problem.includes(message));
    expect(said).toContain(`compose.yaml:${at} `);
  });

  it.each([
    ['services: {}', 'services: needs at least one service'],
    ['services: { web: { image: web } }', 'services.web: names no port: add expose'],
    ['services: { web_1: { image: web, ports: [80] } }', 'services.web_1: must be an RFC 1123 label'],
    ['services: { gateway: { image: web, expose: [80] } }', 'services.gateway: gateway is reserved'],
    ['services: { a: { image: a, expose: [80] } }\nnetworks: { a: {} }', 'networks: has no meaning here'],
    ['services: { a: { image: a, expose: [80] } }\ninclude: [b.yaml]', 'include: has no meaning here'],
  ])('%s', (text, message) => {
    const problems = refused(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it.each([
    ['512M', '512Mi'],
    ['1g', '1Gi'],
    ['128MiB', '128Mi'],
  ])('has memory in units of 1024: %s', (memory, wanted) => {
    const { services } = take(web(`deploy: { resources: { limits: { memory: ${memory} } } }`));
    expect(services['web']).toMatchObject({ resources: { memory: wanted } });
  });

  it('says everything at once', () => {
    expect(refused(web('privileged: true\n    networks: [a]\n    ports: ["53/udp"]'))).toHaveLength(3);
  });
});
