import { describe, expect, it } from 'vitest';
import { openRouteCases } from '../../../src/checks/open-routes.ts';
import { attachedCases } from '../../../src/checks/policies-in-force.ts';
import type { ProxyRoutes, VirtualHost } from '../../../src/evidence/proxies.ts';
import { unexplained } from '../../../src/probe/gateway/open-routes.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const HTTPBIN = 'outbound|8000||httpbin.apps.svc.cluster.local';
type Route = VirtualHost['routes'][number];
const PLANNED: Route = {
  cluster: HTTPBIN,
  path: '/',
  rewritesPath: undefined,
  rewritesHost: undefined,
  rule: 'VirtualService apps/httpbin',
};
const THEIRS: Route = {
  ...PLANNED,
  cluster: 'outbound|80||shop.shop.svc.cluster.local',
  path: '/shop',
  rule: 'VirtualService shop/open',
};

function routes(domains: readonly string[], ...own: readonly Route[]): readonly ProxyRoutes[] {
  return [{ name: 'https.443', hosts: [{ domains, routes: own }] }];
}

const found = (...given: Parameters<typeof routes>) =>
  unexplained({ routes: routes(...given) }, lab).map(({ path }) => path);

describe('routes that the plan does not explain', () => {
  it('are all but that of the plan', () => {
    expect(found([lab.hosts.httpbin], PLANNED)).toEqual([]);
    expect(found([lab.hosts.httpbin], THEIRS, PLANNED)).toEqual(['/shop']);
  });

  it.each([
    ['it leads to another service', { cluster: 'outbound|80||shop.shop.svc.cluster.local' }],
    ['it is for a part of the host', { path: '/part' }],
    ['it rewrites the path', { rewritesPath: '/anything' }],
    ['it rewrites the host', { rewritesHost: 'other' }],
    ['somebody else made it', { rule: 'VirtualService shop/copy' }],
  ])('are that of the plan too where %s', (_what, change) => {
    expect(found([lab.hosts.httpbin], { ...PLANNED, ...change })).toHaveLength(1);
  });

  it.each([
    [['*'], 1],
    [[`*.${lab.domain}`], 1],
    [[lab.hosts.httpbin, `${lab.hosts.httpbin}:443`], 1],
    [[`twin-1234.${lab.domain}`], 0],
    [['other.example.test'], 0],
  ])('are asked for under a name that the edge serves: %s', (domains, count) => {
    expect(found(domains, THEIRS)).toHaveLength(count);
  });

  it('lead somewhere', () => {
    expect(found([lab.hosts.httpbin], { ...THEIRS, cluster: undefined })).toEqual([]);
    expect(found([lab.hosts.httpbin], { ...THEIRS, cluster: 'BlackHoleCluster' })).toEqual([]);
  });
});

describe('what is not looked at', () => {
  it('is a route that no plain request is known for', () => {
    const answer = { kind: 'not-asked', because: 'meshdev has no request for its match' } as const;
    const [entry] = openRouteCases([{ rule: 'VirtualService shop/re', url: 'h (other)', answer }]);
    expect(entry).toEqual([
      'shop-re',
      {
        kind: 'skip',
        because: 'h (other), by VirtualService shop/re: meshdev has no request for its match',
      },
    ]);
  });

  it('is a policy for what its targetRefs name', () => {
    const object = {
      kind: 'AuthorizationPolicy',
      namespace: 'shop',
      name: 'waypoint',
      selector: {},
      targets: true,
      action: 'ALLOW',
      dryRun: false,
      rules: [],
      issuers: [],
    } as const;
    const [entry] = attachedCases({ objects: [object], proxies: [], unasked: [] });
    expect(entry?.[1]).toMatchObject({ kind: 'skip', because: expect.stringContaining('targetRefs') });
  });
});

describe('an open path', () => {
  it('is named with its URL, the object and the command that closes it', () => {
    const answer = { kind: 'answered', status: 200, upstream: '10.244.0.9:80', body: '' } as const;
    const url = 'https://httpbin.mesh.localhost/shop';
    const [entry] = openRouteCases([{ rule: 'VirtualService shop/open', url, answer }]);
    expect(entry).toEqual([
      'shop-open',
      {
        kind: 'fail',
        code: 'RBAC_OPEN_PATH',
        message: `GET ${url} without a token: HTTP 200 from 10.244.0.9:80: this path is accessible without a token, by VirtualService shop/open`,
        remedies: ['meshdev kubectl delete virtualservice -n shop open'],
      },
    ]);
  });
});
