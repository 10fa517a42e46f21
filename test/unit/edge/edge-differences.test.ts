import { describe, expect, it } from 'vitest';
import { edgeDifferences } from '../../../src/edge/edge-differences.ts';

interface Route {
  readonly match?: readonly Readonly<Record<string, unknown>>[];
  readonly handle: readonly Readonly<Record<string, unknown>>[];
}

const remove = (...names: readonly string[]) => ({ handler: 'headers', request: { delete: names } });
const forward = {
  handler: 'reverse_proxy',
  upstreams: [{ dial: 'node:30443' }],
  transport: { tls: { ca: { pem_files: ['/a'] } } },
};
const site = (host: string, ...routes: readonly Route[]): Route => ({
  match: [{ host: [host] }],
  handle: [{ handler: 'subroute', routes }],
});
const config = (routes: readonly Route[], more: Readonly<Record<string, unknown>> = {}) => ({
  apps: { http: { servers: { srv0: { listen: [':443'], routes, ...more } } } },
});

const planned = config([site('a.test', { handle: [remove('X-User'), forward] })]);

describe('what the edge does beside its plan', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', planned, []],
    [
      'identity headers that are kept for one browser',
      config([
        site(
          'a.test',
          { match: [{ not: [{ header: { 'User-Agent': ['magic'] } }] }], handle: [remove('X-User')] },
          { handle: [forward] },
        ),
      ]),
      [
        'it removes the header X-User only from requests for a.test that match {"not":[{"header":{"User-Agent":["magic"]}}]}',
        'it keeps the header X-User of clients in requests for a.test',
      ],
    ],
    [
      'a path that leads elsewhere',
      config([
        site(
          'a.test',
          {
            match: [{ path: ['/x*'] }],
            handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: 'evil:80' }] }],
          },
          { handle: [remove('X-User'), forward] },
        ),
      ]),
      ['it forwards requests for a.test that match {"path":["/x*"]} to evil:80'],
    ],
    [
      'a CA more that is trusted',
      config([
        site('a.test', {
          handle: [remove('X-User'), { ...forward, transport: { tls: { ca: { pem_files: ['/a', '/b'] } } } }],
        }),
      ]),
      [
        'it sets reverse_proxy.transport.tls.ca.pem_files to ["/a","/b"] for requests for a.test',
        'it does not set reverse_proxy.transport.tls.ca.pem_files to ["/a"] for requests for a.test',
      ],
    ],
    [
      'another site',
      config([
        site('a.test', { handle: [remove('X-User'), forward] }),
        site('b.test', { handle: [{ handler: 'static_response', body: 'hello' }] }),
      ]),
      ['it answers requests for b.test itself: {"body":"hello"}'],
    ],
    [
      'a listener and a setting more',
      config([site('a.test', { handle: [remove('X-User'), forward] })], {
        listen: [':443', ':8080'],
        trusted_proxies: { ranges: ['0.0.0.0/0'] },
      }),
      ['it also listens on :8080', 'it sets server.trusted_proxies.ranges to ["0.0.0.0/0"]'],
    ],
    [
      'a header that is set, and another handler',
      config([
        site('a.test', {
          handle: [
            remove('X-User'),
            { handler: 'headers', request: { set: { 'X-Role': ['admin'] } } },
            { handler: 'rewrite', uri: '/' },
            forward,
          ],
        }),
      ]),
      [
        'it sets the header X-Role to admin in requests for a.test',
        'it also runs {"handler":"rewrite","uri":"/"} for requests for a.test',
      ],
    ],
  ])('is %s', (_what, running, told) => {
    expect(edgeDifferences(running, planned)).toEqual(told);
  });

  it('is cut short where there is much of it', () => {
    const names = Array.from({ length: 9 }, (_, at) => `X-${at}`);
    const running = config([site('a.test', { handle: [remove('X-User', ...names), forward] })]);
    expect(edgeDifferences(running, planned).at(-1)).toBe('3 more differences');
  });
});
