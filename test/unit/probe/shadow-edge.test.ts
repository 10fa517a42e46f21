import { describe, expect, it } from 'vitest';
import { shadowConfig, transportOf } from '../../../src/probe/edge/shadow-edge.ts';

const transport = { protocol: 'http', tls: { server_name: 'a.example.test', insecure_skip_verify: true } };
const proxy = (way: object) => ({ handler: 'reverse_proxy', upstreams: [{ dial: 'x:1' }], transport: way });
const route = (host: string, handle: object) => ({
  match: [{ host: [host] }],
  handle: [{ handler: 'subroute', routes: [{ handle: [handle] }] }],
});
const running = {
  apps: {
    http: {
      servers: {
        srv0: {
          routes: [
            route('b.example.test', proxy({ protocol: 'http' })),
            route('a.example.test', proxy(transport)),
          ],
        },
      },
    },
  },
};

describe('the transport of a host in the running configuration', () => {
  it('is taken whole, with whatever weakens it', () => {
    expect(transportOf(running, 'a.example.test')).toEqual(transport);
  });

  it('is not that of another host', () => {
    expect(transportOf(running, 'c.example.test')).toBeUndefined();
  });
});

describe('the configuration of a shadow', () => {
  it('uses that transport for every upstream, and opens no port', () => {
    const upstreams = new Map([
      ['/one', 'probe:1'],
      ['/two', 'probe:2'],
    ]);
    const text = JSON.stringify(shadowConfig(transport, upstreams, { site: '/run/s', admin: '/run/a' }));
    expect(text.split(JSON.stringify(transport)).length - 1).toBe(2);
    expect(text.match(/"listen":("[^"]*"|\[[^\]]*\])/g)).toEqual([
      '"listen":"unix//run/a|0600"',
      '"listen":["unix//run/s|0600"]',
    ]);
  });
});
