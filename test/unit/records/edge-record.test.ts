import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEdgeLog } from '../../../src/records/edge-record.ts';

/** As Caddy 2.11 writes it, headers left out. */
const LINE = {
  level: 'info',
  ts: 1795490611.3832955,
  logger: 'http.log.access',
  msg: 'handled request',
  request: {
    remote_ip: '192.168.176.4',
    remote_port: '49302',
    client_ip: '192.168.176.4',
    proto: 'HTTP/1.1',
    method: 'GET',
    host: 'auth.mesh.localhost:10443',
    uri: '/jwks?a=%20b',
    headers: { Connection: ['close'] },
    tls: {
      resumed: false,
      version: 772,
      cipher_suite: 4865,
      proto: 'h2',
      server_name: 'auth.mesh.localhost',
      ech: false,
    },
  },
  bytes_read: 0,
  user_id: '',
  duration: 0.001320311,
  size: 215,
  status: 200,
  resp_headers: { Via: ['1.1 Caddy'] },
  uuid: '8bfb0612-d64d-469a-a280-8322bea87751',
  meshdev_id: '8bfb0612-d64d-469a-a280-8322bea87751',
  upstream: 'meshdev-demo-idp:9400',
  upstream_latency_ms: 1.042154,
};

const parse = (change: object = {}) => parseEdgeLog(JSON.stringify({ ...LINE, ...change }))[0];

describe('parseEdgeLog', () => {
  it('reads what the edge did with a request', () => {
    const { durationMs, ...record } = parse() ?? { durationMs: 0 };
    expect(durationMs).toBeCloseTo(1.320311);
    expect(record).toEqual({
      meshdevId: '8bfb0612-d64d-469a-a280-8322bea87751',
      method: 'GET',
      host: 'auth.mesh.localhost:10443',
      uri: '/jwks?a=%20b',
      status: 200,
      clientIp: '192.168.176.4',
      tlsVersion: 'TLSv1.3',
      serverName: 'auth.mesh.localhost',
      alpn: 'h2',
      upstream: 'meshdev-demo-idp:9400',
      upstreamLatencyMs: 1.042154,
    });
  });

  it('has no upstream where the edge answered by itself', () => {
    for (const none of [null, undefined, ''])
      expect(parse({ upstream: none, upstream_latency_ms: none })).not.toHaveProperty('upstream');
    expect(parse({ upstream_latency_ms: '' })).not.toHaveProperty('upstreamLatencyMs');
    expect(parse({ upstream_latency_ms: null })).not.toHaveProperty('upstreamLatencyMs');
  });

  it('reads the cause of an error', () => {
    const error = 'dial tcp 127.0.0.1:1: connect: connection refused';
    expect(parse({ status: 502, edge_error: error })).toMatchObject({ status: 502, error });
  });

  it('names TLS versions as others do, and those it does not know by their number', () => {
    const version = (number: number) =>
      parse({ request: { ...LINE.request, tls: { ...LINE.request.tls, version: number } } })?.tlsVersion;
    expect([769, 770, 771, 772, 773].map(version)).toEqual([
      'TLSv1',
      'TLSv1.1',
      'TLSv1.2',
      'TLSv1.3',
      '0x305',
    ]);
  });

  it('has Caddy’s own id where a request was refused before any directive', () => {
    expect(parse({ meshdev_id: undefined, status: 421 })).toMatchObject({
      meshdevId: LINE.uuid,
      status: 421,
    });
  });

  it('has no TLS facts of a plaintext request', () => {
    const { tls: _tls, ...request } = LINE.request;
    const record = parse({ request });
    expect(record).toMatchObject({ status: 200 });
    expect(record).not.toHaveProperty('tlsVersion');
    expect(record).not.toHaveProperty('serverName');
  });

  it('passes over lines of other kinds and keeps the order of the rest', () => {
    const lines = [
      JSON.stringify({ ...LINE, meshdev_id: 'one' }),
      JSON.stringify({ level: 'info', msg: 'serving initial configuration' }),
      'not JSON at all',
      '',
      JSON.stringify(LINE).slice(0, 100),
      JSON.stringify({ ...LINE, meshdev_id: undefined, uuid: undefined }),
      JSON.stringify({ ...LINE, meshdev_id: 'two' }),
    ];
    expect(parseEdgeLog(lines.join('\n')).map(({ meshdevId }) => meshdevId)).toEqual(['one', 'two']);
  });

  it('never throws, whatever a client makes the edge write', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        expect(parseEdgeLog(`${text}\n${JSON.stringify(value)}`)).toEqual([]);
      }),
    );
  });
});
