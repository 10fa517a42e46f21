import { describe, expect, it } from 'vitest';
import { chainOf } from '../../../src/mesh/effects/chain.ts';
import { effectOf } from '../../../src/mesh/effects/effects.ts';
import { ruleObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const HTTPBIN = 'httpbin.apps.svc.cluster.local';
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'httpbin-0', namespace: 'apps', labels: { app: 'httpbin', tier: 'web' } },
};

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
  ProxyConfig: 'networking.istio.io/v1beta1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
};

function effect(kind: string, namespace: string, spec: object, gateways: readonly KubeObject[] = []) {
  const apiVersion = GROUPS[kind] ?? 'networking.istio.io/v1';
  const object = { apiVersion, kind, metadata: { name: 'x', namespace }, spec };
  return effectOf(object, chainOf(lab, [pod], gateways));
}

const APP = { selector: { matchLabels: { app: 'httpbin' } } };
const magic = { when: [{ key: 'request.headers[x-magic]', values: ['open'] }] };
const route = { http: [{ route: [{ destination: { host: 'x.shop.svc.cluster.local' } }] }] };
const patch = {
  configPatches: [
    {
      applyTo: 'HTTP_FILTER',
      match: { context: 'GATEWAY' },
      patch: { operation: 'INSERT_FIRST', value: { name: 'lua' } },
    },
  ],
};

describe('an object of Istio that takes effect on the lab', () => {
  it.each<[string, string, object, string]>([
    [
      'AuthorizationPolicy',
      'apps',
      { ...APP, rules: [magic] },
      'admits every caller, without a token, to apps/httpbin for every request when request.headers[x-magic] is open',
    ],
    [
      'AuthorizationPolicy',
      'apps',
      {
        selector: { matchLabels: { tier: 'web' } },
        rules: [
          {
            from: [{ source: { principals: ['*'], requestPrincipals: ['*'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/uuid'] } }],
          },
        ],
      },
      'admits principals *, requestPrincipals * to apps/httpbin for methods GET, paths /uuid',
    ],
    [
      'AuthorizationPolicy',
      'istio-system',
      { action: 'CUSTOM', provider: { name: 'mine' }, rules: [{}] },
      'lets mine decide on requests to istio-ingress/gateway, apps/httpbin, backend/ledger, apps/caller',
    ],
    [
      'RequestAuthentication',
      'istio-ingress',
      { jwtRules: [{ issuer: 'https://evil.test', jwksUri: 'https://evil.test/jwks' }] },
      'istio-ingress/gateway accepts tokens of https://evil.test with keys of https://evil.test/jwks for any audience',
    ],
    [
      'PeerAuthentication',
      'backend',
      { mtls: { mode: 'PERMISSIVE' } },
      'backend/ledger accepts plaintext on every port, from callers without a certificate',
    ],
    [
      'EnvoyFilter',
      'istio-ingress',
      patch,
      'changes what the proxies of istio-ingress/gateway run: INSERT_FIRST of HTTP_FILTER (GATEWAY), lua',
    ],
    [
      'VirtualService',
      'shop',
      { hosts: [HTTPBIN], ...route },
      `leads requests for ${HTTPBIN} at every sidecar elsewhere: every request to x.shop.svc.cluster.local`,
    ],
    [
      'VirtualService',
      'apps',
      { hosts: ['httpbin'], http: [{ match: [{ uri: { prefix: '/y' } }], redirect: { uri: '/' } }] },
      `leads requests for ${HTTPBIN} at every sidecar elsewhere: {"uri":{"prefix":"/y"}} to a redirect`,
    ],
    [
      'VirtualService',
      'shop',
      { hosts: ['new.mesh.localhost'], gateways: ['istio-ingress/public'], ...route },
      'leads requests for new.mesh.localhost at the gateway elsewhere: every request to x.shop.svc.cluster.local',
    ],
    [
      'DestinationRule',
      'shop',
      { host: '*.apps.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } },
      `decides how proxies connect to ${HTTPBIN}: TLS mode DISABLE`,
    ],
    [
      'ServiceEntry',
      'shop',
      { hosts: ['auth.mesh.localhost'], endpoints: [{ address: '10.0.0.9' }] },
      'lets 10.0.0.9 answer for auth.mesh.localhost',
    ],
    [
      'WorkloadEntry',
      'apps',
      { address: '10.0.0.9', labels: { app: 'httpbin' } },
      'lets 10.0.0.9 answer as a pod of apps/httpbin',
    ],
    [
      'WorkloadEntry',
      'apps',
      { address: '10.0.0.9', serviceAccount: 'httpbin' },
      'lets 10.0.0.9 answer as a pod of apps/httpbin',
    ],
    [
      'Sidecar',
      'backend',
      { egress: [{ hosts: ['./*'] }] },
      'decides what the sidecars of backend/ledger listen on and know: only calls to ./*',
    ],
    [
      'Telemetry',
      'apps',
      { ...APP, accessLogging: [{ disabled: true }] },
      'decides what the proxies of apps/httpbin record, and who receives it: accessLogging',
    ],
    [
      'WasmPlugin',
      'backend',
      { url: 'oci://evil.test/x' },
      'runs code of oci://evil.test/x in the proxies of backend/ledger: it sees and may change every request',
    ],
    [
      'ProxyConfig',
      'backend',
      { environmentVariables: { SSLKEYLOGFILE: '/tmp/x' } },
      'sets how the proxies of backend/ledger start: SSLKEYLOGFILE',
    ],
    [
      'Gateway',
      'shop',
      { selector: { istio: 'gateway' }, servers: [{ port: { number: 80, protocol: 'HTTP' }, hosts: ['*'] }] },
      'opens port 80 (HTTP, without TLS) for * at istio-ingress/gateway',
    ],
    [
      'HTTPRoute',
      'shop',
      { rules: [{ backendRefs: [{ name: 'httpbin', namespace: 'apps' }] }] },
      'routes requests of or to apps/httpbin to apps/httpbin',
    ],
    ['EnvoyFilter', 'apps', { configPatches: 'all' }, 'has a specification that meshdev cannot evaluate'],
  ])('%s in %s says what it lets in', (kind, namespace, spec, text) => {
    expect(effect(kind, namespace, spec)).toBe(text);
  });

  it('is a route at a foreign Gateway that the gateway of the lab serves', () => {
    const own = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'second', namespace: 'shop' },
      spec: { selector: { istio: 'gateway' } },
    };
    const spec = { hosts: ['a.test'], gateways: ['second'], ...route };
    expect(effect('VirtualService', 'shop', spec)).toBeUndefined();
    expect(effect('VirtualService', 'shop', spec, [own])).toMatch(
      /^leads requests for a\.test at the gateway/,
    );
  });
});

describe('an object of Istio that has no effect on the lab', () => {
  it.each<[string, string, object]>([
    ['AuthorizationPolicy', 'shop', { rules: [{}] }],
    ['AuthorizationPolicy', 'apps', { selector: { matchLabels: { app: 'nobody' } }, rules: [{}] }],
    ['AuthorizationPolicy', 'apps', { ...APP, rules: [] }],
    ['AuthorizationPolicy', 'apps', { ...APP, action: 'AUDIT', rules: [{}] }],
    ['PeerAuthentication', 'apps', { mtls: { mode: 'STRICT' } }],
    [
      'RequestAuthentication',
      'apps',
      { selector: { matchLabels: { app: 'htpbin' } }, jwtRules: [{ issuer: 'x' }] },
    ],
    ['EnvoyFilter', 'apps', { workloadSelector: { labels: { app: 'nobody' } }, ...patch }],
    ['VirtualService', 'shop', { hosts: ['cart'], ...route }],
    ['VirtualService', 'shop', { hosts: [HTTPBIN], exportTo: ['.'], ...route }],
    ['DestinationRule', 'shop', { host: 'cart', trafficPolicy: { tls: { mode: 'DISABLE' } } }],
    ['ServiceEntry', 'shop', { hosts: ['api.example.com'] }],
    ['WorkloadEntry', 'shop', { address: '10.0.0.9', labels: { app: 'httpbin' } }],
    ['Gateway', 'shop', { selector: { istio: 'own' }, servers: [] }],
    ['Telemetry', 'shop', { accessLogging: [] }],
    ['Sidecar', 'shop', {}],
    ['HTTPRoute', 'shop', { rules: [{ backendRefs: [{ name: 'cart' }] }] }],
  ])('is %s in %s: %j', (kind, namespace, spec) => {
    expect(effect(kind, namespace, spec)).toBeUndefined();
  });

  it('is of no kind that is unknown', () => {
    expect(effect('Deployment', 'apps', {})).toBeUndefined();
  });
});

it('evaluates every rule of the lab itself', () => {
  const chain = chainOf(lab, [pod], []);
  const odd = ruleObjects(lab).filter((object) =>
    effectOf(object, chain)?.includes('meshdev cannot evaluate'),
  );
  expect(odd).toEqual([]);
});
