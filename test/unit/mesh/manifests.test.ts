import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { CONNECTION_LOG, REQUEST_LOG } from '../../../src/mesh/manifests/access-log.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import type { MeshMaterial } from '../../../src/mesh/manifests/material.ts';
import { istioOperator } from '../../../src/mesh/manifests/operator.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE, type Lab } from '../../../src/topology/lab.ts';
import { labelsOf } from '../../../src/topology/labels.ts';
import { FAKE_MATERIAL } from '../../support/mesh-material.ts';

const lab = createLab(DEFAULT_CHOICE);
const everything = (of: Lab = lab, material: MeshMaterial = FAKE_MATERIAL) => [
  ...foundationObjects(of, material),
  ...ruleObjects(of),
  ...workloadObjects(of, material),
];
const ofKind = (kind: string, objects: readonly KubeObject[] = everything()) =>
  objects.filter((one) => one.kind === kind);

const selectorShape = z.object({
  selector: z.object({ matchLabels: z.record(z.string(), z.string()) }).optional(),
});
const podShape = z.object({
  template: z.object({
    metadata: z.object({
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    }),
    spec: z.looseObject({ serviceAccountName: z.string(), automountServiceAccountToken: z.boolean() }),
  }),
});
const podOf = (deployment: KubeObject) => podShape.parse(deployment['spec']).template;

describe('all objects of the mesh', () => {
  it('carry the labels by which `down` and `observe` find them', () => {
    for (const { metadata } of everything()) {
      const role = metadata.labels?.['dev.meshdev.role'] ?? '';
      expect(metadata.labels).toMatchObject(labelsOf('demo', role));
      expect(role).not.toBe('');
    }
  });

  it('live in namespaces that are made before them', () => {
    const made = new Set(ofKind('Namespace').map(({ metadata }) => metadata.name));
    const used = everything().flatMap(({ metadata }) => metadata.namespace ?? []);
    expect([...new Set(used)].filter((namespace) => !made.has(namespace))).toEqual([]);
  });

  it('are unique', () => {
    const names = everything().map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('hold no key outside of secrets', () => {
    const open = everything().filter(({ kind }) => kind !== 'Secret');
    expect(JSON.stringify([open, istioOperator(lab, FAKE_MATERIAL, 'upstream')])).not.toContain('the key of');
  });
});

describe('namespaces', () => {
  it('inject where the mesh is, and never into the intruder', () => {
    const labels = ofKind('Namespace').map(({ metadata }) => [
      metadata.name,
      metadata.labels?.['istio-injection'],
    ]);
    expect(Object.fromEntries(labels)).toEqual({
      'istio-system': undefined,
      'istio-ingress': 'enabled',
      apps: 'enabled',
      backend: 'enabled',
      intruder: 'disabled',
    });
  });
});

describe('authorisation', () => {
  const policies = ofKind('AuthorizationPolicy');

  it('denies by default for the whole mesh, and only ever allows beyond that', () => {
    const mesh = policies.filter(({ metadata }) => metadata.namespace === 'istio-system');
    expect(mesh.map(({ spec }) => spec)).toEqual([{}]);
    const others = policies.filter(({ metadata }) => metadata.namespace !== 'istio-system');
    expect(others.map(({ spec }) => z.object({ action: z.string() }).parse(spec).action)).toEqual(
      others.map(() => 'ALLOW'),
    );
  });

  it('selects pods that exist', () => {
    const pods = ofKind('Deployment').map((one) => ({
      namespace: one.metadata.namespace,
      labels: podOf(one).metadata.labels,
    }));
    for (const { metadata, spec } of policies.filter((one) => one.metadata.namespace !== 'istio-system')) {
      const wanted = Object.entries(selectorShape.parse(spec).selector?.matchLabels ?? {});
      expect(wanted).not.toEqual([]);
      const hit = pods.filter(
        ({ namespace, labels }) =>
          namespace === metadata.namespace && wanted.every(([key, value]) => labels[key] === value),
      );
      expect([metadata.name, hit.length]).toEqual([metadata.name, 1]);
    }
  });

  it('names every host with and without a port', () => {
    const both = ['httpbin.mesh.localhost', 'httpbin.mesh.localhost:*'];
    const named = [...JSON.stringify(policies).matchAll(/"hosts":(\[[^\]]*\])/g)].map(
      ([, hosts = '']): unknown => JSON.parse(hosts),
    );
    // The gateway hands on decoys too, for which nothing is routed outside a check.
    expect(named).toEqual([[...both, 'twin-*'], both, both]);
  });

  it('follows the identities and the issuer of the lab', () => {
    const other = createLab({ name: 'two', domain: 'mesh.test', httpsPort: 8443 });
    const text = JSON.stringify(ruleObjects(other));
    expect(text).toContain('https://auth.mesh.test:8443/*');
    expect(text).toContain('https://auth.mesh.test:8443/jwks');
    expect(text).toContain('*.mesh.test');
    expect(text).toContain('edge.mesh.test');
    expect(text).not.toContain('mesh.localhost');
  });
});

describe('workloads', () => {
  it('each run under an account of their own, without an API token', () => {
    const accounts = ofKind('Deployment').map((one) => podOf(one).spec);
    const names = accounts.map(({ serviceAccountName }) => serviceAccountName);
    expect(names.sort()).toEqual(['caller', 'gateway', 'httpbin', 'intruder', 'ledger']);
    expect(accounts.every((spec) => !spec.automountServiceAccountToken)).toBe(true);
    const own = ofKind('ServiceAccount').filter(({ metadata }) => names.includes(metadata.name));
    expect(own).toHaveLength(names.length);
    expect(own.every((one) => one['automountServiceAccountToken'] === false)).toBe(true);
  });

  it('never pull what is already in the node', () => {
    const images = JSON.stringify(ofKind('Deployment')).match(
      /"image":"[^"]*","imagePullPolicy":"IfNotPresent"/g,
    );
    expect(images).toHaveLength(5);
  });

  it('are replaced when the mesh root changes, and not when only keys do', () => {
    const annotations = (material: MeshMaterial) =>
      ofKind('Deployment', workloadObjects(lab, material)).map((one) => podOf(one).metadata.annotations);
    const { istiodCa } = FAKE_MATERIAL;
    const other = { ...FAKE_MATERIAL, istiodCa: { ...istiodCa, rootPem: 'another root' } };
    for (const [index, before] of annotations(FAKE_MATERIAL).entries()) {
      expect(annotations(other)[index]).not.toEqual(before);
    }
    const rekeyed = { ...FAKE_MATERIAL, istiodCa: { ...istiodCa, keyPem: 'another key' } };
    expect(annotations(rekeyed)).toEqual(annotations(FAKE_MATERIAL));
  });
});

describe('the operator', () => {
  it("asks for less of Istio only where upstream's Envoy runs", () => {
    const stock = istioOperator(lab, FAKE_MATERIAL, 'upstream');
    const official = istioOperator(lab, FAKE_MATERIAL, 'istio');
    expect(stock.spec.values.pilot.env).toMatchObject({
      PILOT_ENABLE_METADATA_EXCHANGE: 'false',
      PILOT_ENABLE_ALPN_FILTER: 'false',
    });
    expect(stock.spec.meshConfig).toMatchObject({
      defaultProviders: { metrics: [] },
      enablePrometheusMerge: false,
    });
    expect(Object.keys(official.spec.values.pilot.env)).not.toContain('PILOT_ENABLE_METADATA_EXCHANGE');
    expect(official.spec.meshConfig).not.toHaveProperty('defaultProviders');
  });

  it('restarts istiod when a root that it reads at its start changes', () => {
    const annotations = (material: MeshMaterial) =>
      istioOperator(lab, material, 'upstream').spec.values.pilot.podAnnotations;
    expect(annotations({ ...FAKE_MATERIAL, edgeRootPem: 'another' })).not.toEqual(annotations(FAKE_MATERIAL));
  });
});

describe('the access log', () => {
  it('writes each fact of a connection under the name that it has for a request', () => {
    const { record: _record, ...facts } = CONNECTION_LOG;
    expect(REQUEST_LOG).toMatchObject(facts);
  });

  it('carries neither tokens nor query strings', () => {
    const operators = Object.values(REQUEST_LOG).join(' ').toLowerCase();
    for (const word of ['authorization', 'cookie', '%req(:path)%', 'x-forwarded-client-cert'])
      expect(operators).not.toContain(word);
  });
});
