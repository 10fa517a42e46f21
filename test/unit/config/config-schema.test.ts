import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../src/config/read.ts';
import { CONFIG_SCHEMA_FILE, configSchemaText } from '../../support/config-schema.ts';

const text = await readFile(join(import.meta.dirname, '../../..', CONFIG_SCHEMA_FILE), 'utf8');
const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  JSON.parse(text),
);

function isRead(file: string): boolean {
  try {
    parseConfig('m.yaml', file);
    return true;
  } catch {
    return false;
  }
}

const orders = (line: string): string => `services: { orders: { image: a, port: 80, ${line} } }`;

describe('the published schema of meshdev.yaml', () => {
  it('is as it is generated (npm run docs)', () => {
    expect(JSON.parse(text)).toEqual(JSON.parse(configSchemaText()));
  });

  it.each([
    '{}',
    '{ name: demo, domain: lab.test, httpsPort: 8443 }',
    '{ images: { source: registry, mirror: registry.example.com/all } }',
    '{ images: { mirror: { docker.io: registry.example.com/hub } } }',
    '{ edge: { trustedHeaders: [X-Tenant-Id], strictPaths: true } }',
    '{ policy: { minTlsVersion: { client->edge: TLSv1.3 }, maxCertificateAge: 90d } }',
    '{ apiVersion: meshdev/v1, sample: false, identity: { users: { ann: { roles: [clerk] }, joe: {} } } }',
    orders('environment: { A: 1, B: true, C: text }'),
    orders('secrets: { a: { file: ./a }, b: { environment: B, variable: B } }'),
    orders('volumes: [/tmp, "./a:/etc/a", "./a:/etc/b:ro"]'),
    orders('host: orders, allow: [{ roles: [admin], methods: [GET], paths: [/a, /a/*, "*/b", "*"] }]'),
    orders('resources: { cpu: 0.5, memory: 256Mi }, replicas: 3, login: none, active: full'),
    'services: { a: { local: { port: 1, command: npm start } } }',
    'services: { a: { build: { context: ., args: { A: 1 } }, port: 1, health: { grpc: true }, appProtocol: grpc } }',
    'services: { a: { manifests: [a.yaml, b.yaml], port: 1 } }',
  ])('accepts what meshdev reads: %s', (file) => {
    validate(parse(file));
    expect(validate.errors).toBeNull();
    expect(isRead(file)).toBe(true);
  });

  it.each([
    'nmae: demo',
    'name: Demo',
    'domain: single',
    'httpsPort: 70000',
    'apiVersion: meshdev/v2',
    'identity: { users: { Ann: {} } }',
    'identity: { users: { ann: { role: [a] } } }',
    'sample: 3',
    'services: { Orders: { image: a, port: 80 } }',
    'services: { a: { image: a } }',
    'services: { a: { port: 80 } }',
    'services: { a: { image: a, build: ., port: 80 } }',
    'services: { a: { local: { port: 1 }, port: 80 } }',
    'services: { a: { local: {} } }',
    orders('port: 0').replace('port: 80, ', ''),
    orders('unknown: 1'),
    orders('appProtocol: udp'),
    orders('login: required'),
    orders('replicas: 0'),
    orders('command: npm start'),
    orders('host: Orders'),
    orders('namespace: -a'),
    orders('environment: { A: }'),
    orders('environment: { "1A": a }'),
    orders('secrets: { a: hunter2 }'),
    orders('secrets: { a: { value: hunter2 } }'),
    orders('secrets: { a: { file: a, environment: B } }'),
    orders('volumes: ["data:/var/lib"]'),
    orders('volumes: ["/etc:/etc"]'),
    orders('allow: [{ roles: [] }]'),
    orders('allow: [{ methods: [get], from: [orders] }]'),
    orders('allow: [{ paths: [/a/*/b], from: [orders] }]'),
    orders('allow: [{ role: [a] }]'),
    orders('check: { rpc: nonsense }'),
    orders('egress: [example.com]'),
    orders('resources: { memory: lots }'),
  ])('refuses what meshdev refuses: %s', (file) => {
    expect(validate(parse(file))).toBe(false);
    expect(isRead(file)).toBe(false);
  });
});
