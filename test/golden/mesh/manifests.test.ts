import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { foundationObjects, ruleObjects, workloadObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import { istioOperator } from '../../../src/mesh/manifests/operator.ts';
import { renderKindConfig } from '../../../src/cluster/kind.ts';
import { parseConfig } from '../../../src/config/read.ts';
import { personasOf, servicesOf } from '../../../src/config/services/derive.ts';
import { inventory, manifestObjects } from '../../../src/mesh/manifests/services/manifest-objects.ts';
import { localServiceObjects, serviceObjects } from '../../../src/mesh/manifests/services/service-objects.ts';
import { createLab, DEFAULT_CHOICE, withOwnParts } from '../../../src/topology/lab.ts';
import { hasContainer, isLocal } from '../../../src/topology/service.ts';
import { STOCK } from '../../support/manifests.ts';
import { FAKE_MATERIAL } from '../../support/mesh-material.ts';
import { labWithStock } from '../../support/stock-lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const documents = (objects: readonly unknown[]) =>
  objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n');

/** What the default lab hands to kind, istioctl and the API server. Regenerate on purpose: `vitest -u`. */
describe('the manifests of the default lab', () => {
  it.each([
    ['foundation.yaml', documents(foundationObjects(lab, FAKE_MATERIAL))],
    ['rules.yaml', documents(ruleObjects(lab))],
    ['workloads.yaml', documents(workloadObjects(lab, FAKE_MATERIAL))],
    ['operator-stock.yaml', documents([istioOperator(lab, FAKE_MATERIAL, 'upstream')])],
    ['operator-official.yaml', documents([istioOperator(lab, FAKE_MATERIAL, 'istio')])],
  ])('%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(file);
  });

  it.each([
    ['kind-plain.yaml', { cgroupV1: false, restrictedHost: false, ownCni: false }],
    ['kind-restricted.yaml', { cgroupV1: true, restrictedHost: true, ownCni: true }],
  ])('%s', async (file, needs) => {
    const configDir = join(import.meta.dirname, '../../../kind-config');
    const text = await renderKindConfig({
      lab,
      configDir,
      layout: 'single-node',
      needs,
    });
    await expect(text).toMatchFileSnapshot(file);
  });
});

const SHOP = `
identity: { users: { dora: { roles: [clerk] } } }
services:
  orders:
    build: ./orders
    port: 8080
    host: orders
    replicas: 2
    command: [node, server.js]
    environment: { STOCK_URL: 'http://stock.shop:9000' }
    secrets: { db: { file: ./db.txt }, key: { environment: KEY, variable: KEY } }
    volumes: [/tmp, './orders.conf:/etc/orders.conf']
    resources: { cpu: 0.5, memory: 64Mi }
    health: /healthz
    trust: true
    headers: [X-User]
    allow:
      - { roles: [clerk], users: [alice], methods: [GET], paths: [/orders, '/orders/*'] }
    check: { path: /orders, as: dora }
  stock:
    image: shop/stock:1
    namespace: shop
    port: 9000
    appProtocol: grpc
    extraPorts: [{ name: metrics, port: 9090 }]
    health: { grpc: true }
    allow: [{ from: [orders] }]
`;

/** What two services of a user become, and nothing else: the sample is as it is without them. */
describe('the manifests of services', () => {
  const values = parseConfig('meshdev.yaml', SHOP);
  const own = withOwnParts(lab, { services: servicesOf(values, lab), users: personasOf(values) });
  const labMaterial = { edgeRootPem: 'edge root', meshRootPem: 'mesh root', digestKey: 'key' };
  const inputs = {
    variables: { KEY: 'k' },
    secretFiles: { db: Buffer.from('secret') },
    files: { '/etc/orders.conf': Buffer.from('conf') },
  };
  const none = { variables: {}, secretFiles: {}, files: {} };

  it('services.yaml', async () => {
    const before = new Set(documents(ruleObjects(lab)).split('---\n'));
    const rules = ruleObjects(own).filter((object) => !before.has(documents([object])));
    const objects = own.services.filter(hasContainer).flatMap((service) =>
      serviceObjects(own, service, {
        ...(service.id === 'orders' ? inputs : none),
        image: `meshdev.local/service/${service.id}:0123456789abcdef`,
        lab: labMaterial,
      }),
    );
    await expect(documents([...rules, ...objects])).toMatchFileSnapshot('services.yaml');
  });

  it('local.yaml', async () => {
    const web =
      'web: { local: { port: 5173, command: npm run dev }, host: www, allow: [{ roles: [admin] }] }';
    const db = 'db: { local: { port: 7999 }, appProtocol: tcp, allow: [{ from: [web] }] }';
    const local = servicesOf(parseConfig('meshdev.yaml', `services:\n  ${web}\n  ${db}\n`), lab);
    const objects = local.filter(isLocal).flatMap((one) => localServiceObjects(lab, one, labMaterial));
    await expect(documents(objects)).toMatchFileSnapshot('local.yaml');
  });

  it('replace a pod when anything changes that it has read', () => {
    const orders = own.services.find(hasContainer);
    const digest = (changes: object, root = 'edge root'): unknown => {
      if (orders === undefined) return undefined;
      const material = { ...inputs, ...changes, image: 'i', lab: { ...labMaterial, edgeRootPem: root } };
      const text = documents(serviceObjects(own, orders, material));
      return /dev.meshdev.inputs: (.*)/.exec(text)?.[1];
    };
    const digests = [
      digest({}),
      digest({ variables: { KEY: 'other' } }),
      digest({ secretFiles: { db: Buffer.from('other') } }),
      digest({ files: { '/etc/orders.conf': Buffer.from('other') } }),
      digest({}, 'another root'),
    ];
    expect(digests).not.toContain(undefined);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digest({})).toBe(digests[0]);
  });
});

/** What meshdev.yaml and manifests of a user become, and what stands around them. */
describe('the manifests of a service that brings its own', () => {
  it('manifests.yaml', async () => {
    const { lab: own, manifests } = labWithStock(
      STOCK,
      'host: stock, extraPorts: [{ name: metrics, port: 9090 }], allow: [{ roles: [admin] }, { from: [stock] }]',
    );
    const before = new Set(documents(ruleObjects(lab)).split('---\n'));
    const rules = ruleObjects(own).filter((object) => !before.has(documents([object])));
    const objects = own.services
      .filter(({ id }) => id === 'stock')
      .flatMap((service) => {
        const brought = manifestObjects(own, service, manifests.get('stock')?.objects ?? []);
        return [...brought, inventory(own, service, brought)];
      });
    await expect(documents([...rules, ...objects])).toMatchFileSnapshot('manifests.yaml');
  });
});

/** Lines that only one of two texts has, in their order. */
function difference(official: string, stock: string): readonly string[] {
  const [before, after] = [official, stock].map((text) => text.split('\n').map((line) => line.trim()));
  const only = (lines: readonly string[] = [], others: readonly string[] = [], sign: string) =>
    lines.filter((line) => line !== '' && !others.includes(line)).map((line) => `${sign} ${line}`);
  return [...only(before, after, '-'), ...only(after, before, '+')];
}

describe('the profiles `official` and `stock`', async () => {
  const configDir = join(import.meta.dirname, '../../../kind-config');
  const kind = (ownCni: boolean) =>
    renderKindConfig({
      lab,
      configDir,
      layout: 'single-node',
      needs: { cgroupV1: false, restrictedHost: false, ownCni },
    });
  const lines = [
    ...difference(
      documents([istioOperator(lab, FAKE_MATERIAL, 'istio')]),
      documents([istioOperator(lab, FAKE_MATERIAL, 'upstream')]),
    ),
    ...difference(await kind(false), await kind(true)),
  ];

  it('differ in exactly these lines', async () => {
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('profile-difference.txt');
  });

  it.each(lines)('and docs/images.md explains %s', async (line) => {
    const text = await readFile(join(import.meta.dirname, '../../../docs/images.md'), 'utf8');
    const row = text.split('\n').find((one) => one.startsWith(`| \`${line}\``));
    expect(row?.split('|')[2]?.trim()).toMatch(/\w/);
  });
});
