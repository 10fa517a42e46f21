import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keysIn, keysInContainer } from '../../../src/probe/exposure/key-copies.ts';
import { leaksIn } from '../../../src/probe/exposure/secret-forms.ts';
import { peerRule } from '../../../src/probe/mesh/peer-rules.ts';
import { podFacts } from '../../../src/probe/mesh/pods.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('a private key in a text', () => {
  const [pkcs8, sec1] = (['pkcs8', 'sec1'] as const).map((type) =>
    privateKey.export({ type, format: 'pem' }).toString(),
  );

  it('is the same key in whatever form it is written down', () => {
    const found = keysIn(`first\n${pkcs8}\nthen\n${sec1}`, 'a file');
    expect(found).toHaveLength(2);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('is passed over when nobody could use it', () => {
    const broken = `${pkcs8?.slice(0, 60)}\n-----END PRIVATE KEY-----`;
    expect(keysIn(broken, 'a file')).toEqual([]);
  });
});

describe('a container that is searched for keys', () => {
  const { signal } = new AbortController();
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  async function searched(stdout: string, state: 'running' | 'exited' | 'paused') {
    const image = { id: 'sha256:aa', tags: ['image:1'], repoDigests: [], labels: {}, sizeBytes: 0 };
    const engine = createFakeEngine({
      images: [image],
      exec: () => ({ exitCode: 0, stdout: Buffer.from(stdout), stderr: Buffer.alloc(0) }),
    });
    await engine.networks.ensure({ name: 'net', labels: {}, ipv6: false }, signal);
    const spec = { name: 'box', image: 'image:1', network: 'net', labels: {} };
    await engine.containers.start(await engine.containers.create(spec, signal), signal);
    engine.change('box', { state });
    const box = await engine.containers.inspect('box', signal);
    if (box === undefined) throw new Error('there is no container');
    return keysInContainer({ engine, signal }, box);
  }

  it('gives what was found, and says when it did not come to its end', async () => {
    const whole = await searched(`@@ /etc/key.pem\n${pem}\n@@ done\n`, 'running');
    expect(whole).toMatchObject({
      found: [{ where: 'container box /etc/key.pem' }],
      searched: 'container box',
    });
    expect((await searched(`@@ /etc/key.pem\n${pem}\n`, 'running')).searched).toMatch(/^only a part/);
  });

  it.each(['exited', 'paused'] as const)('and is %s was not searched, and says so', async (state) => {
    expect(await searched('@@ done\n', state)).toEqual({
      found: [],
      searched: `only a part of the lab: container box is ${state}`,
    });
  });
});

describe('a secret in a text', () => {
  const canaries = [{ what: 'password of alice', value: 'correct-horse-battery' }];

  it('is named, never repeated', () => {
    const found = leaksIn('GET /?p=correct-horse-battery', canaries);
    expect(found).toEqual(['password of alice']);
  });

  it.each([
    ['a signed token', `Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.${'a'.repeat(86)}`, 'signed token'],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----', 'private key'],
    ['a private JWK', `{"kty":"EC","d":"${'b'.repeat(43)}"}`, 'private JWK'],
  ])('is known by its shape: %s', (_, text, what) => {
    expect(leaksIn(text, [])).toEqual([what]);
  });

  it('is not seen where there is none', () => {
    expect(leaksIn('GET /headers?access_token=REDACTED kid=abc', canaries)).toEqual([]);
  });
});

describe('a PeerAuthentication', () => {
  const rule = (namespace: string, spec: object) =>
    peerRule({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'rule', namespace },
      spec,
    });

  it('that is strict says nothing', () => {
    expect(rule('istio-system', { mtls: { mode: 'STRICT' } })).toEqual([]);
    expect(rule('apps', {})).toEqual([]);
  });

  it.each([
    ['istio-system', { mtls: { mode: 'PERMISSIVE' } }, 'mesh', 'PERMISSIVE'],
    ['apps', { mtls: { mode: 'DISABLE' } }, 'namespace apps', 'DISABLE'],
    [
      'apps',
      { selector: { matchLabels: { app: 'x' } }, portLevelMtls: { 8080: { mode: 'DISABLE' } } },
      'workload app=x',
      'DISABLE on 8080',
    ],
  ])('in %s that asks for less is named with its level', (namespace, spec, level, asks) => {
    expect(rule(namespace, spec)).toEqual([{ name: `${namespace}/rule`, level, asks }]);
  });
});

it('a pod is read with its sidecar, wherever the injector put it', () => {
  const facts = podFacts('httpbin', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'httpbin-0', namespace: 'apps', annotations: { 'istio.io/rev': 'default' } },
    spec: {
      containers: [{ name: 'app', image: 'app:1' }],
      initContainers: [{ name: 'istio-proxy', image: 'proxyv2:1' }],
    },
    status: {
      podIP: '10.244.0.5',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'app', ready: true, restartCount: 2 }],
      initContainerStatuses: [{ name: 'istio-proxy', ready: true }],
    },
  });
  expect(facts).toMatchObject({ address: '10.244.0.5', revision: 'default', hostNetwork: false });
  expect(facts.trouble).toBeUndefined();
  expect(facts.containers).toEqual([
    { name: 'app', image: 'app:1', ready: true, restarts: 2 },
    { name: 'istio-proxy', image: 'proxyv2:1', ready: true, restarts: 0 },
  ]);
});
