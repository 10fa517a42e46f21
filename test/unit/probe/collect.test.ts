import { describe, expect, it } from 'vitest';
import { data, ended } from '../../support/wires.ts';
import { rise, sumCounters } from '../../../src/probe/gateway/tls-counters.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createLookUp, isComplete } from '../../../src/probe/requests/records.ts';
import type { Records } from '../../../src/probe/requests/look-up.ts';
import { healthyService } from '../../support/own-service.ts';
import { sha256Hex, parseEcho, toTracedRequest } from '../../../src/probe/requests/to-traced-request.ts';
import type { EdgeRecord } from '../../../src/records/edge-record.ts';

const STATS = `listener.0.0.0.0_8443.ssl.connection_error: 2
listener.0.0.0.0_8443.ssl.fail_verify_no_cert: 1
listener.0.0.0.0_15006.ssl.fail_verify_no_cert: 4
listener.0.0.0.0_8443.ssl.ciphers.TLS_AES_128_GCM_SHA256: 12
cluster.outbound.ssl.fail_verify_error: 9
`;

describe('sumCounters', () => {
  it('sums each counter over listeners and takes nothing else', () => {
    expect(sumCounters(STATS)).toEqual({ connection_error: 2, fail_verify_no_cert: 5 });
  });

  it('counts from zero where a counter was not there before', () => {
    expect(rise({ connection_error: 1 }, { connection_error: 3, fail_verify_san: 2 })).toEqual({
      connection_error: 2,
      fail_verify_san: 2,
    });
  });
});

describe('isComplete', () => {
  const edge = (upstream?: string): EdgeRecord => ({
    meshdevId: 'id',
    method: 'GET',
    host: 'h',
    uri: '/',
    status: 200,
    clientIp: '::1',
    durationMs: 1,
    ...(upstream === undefined ? {} : { upstream }),
  });
  const records = (parts: Partial<Records>): Records => ({
    appTimes: new Map(),
    edge: new Map(),
    gateway: new Map(),
    sidecar: new Map(),
    sidecars: new Map(),
    app: new Map(),
    ...parts,
  });

  it.each([
    ['nobody wrote yet', records({}), false],
    ['the edge answered by itself', records({ edge: new Map([['id', edge()]]) }), true],
    [
      'the edge handed it to the identity provider',
      records({ edge: new Map([['id', edge('idp:9400')]]) }),
      true,
    ],
    [
      'the edge handed it on, the gateway wrote nothing yet',
      records({ edge: new Map([['id', edge('gw:1')]]) }),
      false,
    ],
    [
      'the edge could not reach the gateway',
      records({ edge: new Map([['id', { ...edge('gw:1'), error: 'connection refused' }]]) }),
      true,
    ],
    [
      'the gateway refused',
      records({ edge: new Map([['id', edge('gw:1')]]), gateway: new Map([['id', {}]]) }),
      true,
    ],
    [
      'the gateway handed it on, the sidecar wrote nothing yet',
      records({ edge: new Map([['id', edge('gw:1')]]), gateway: new Map([['id', { upstream_host: 'p' }]]) }),
      false,
    ],
    [
      'the sidecar refused',
      records({
        edge: new Map([['id', edge('gw:1')]]),
        gateway: new Map([['id', { upstream_host: 'p' }]]),
        sidecar: new Map([['id', { response_code_details: 'rbac_access_denied' }]]),
      }),
      true,
    ],
    [
      'the sidecar handed it on, the app wrote nothing yet',
      records({
        edge: new Map([['id', edge('gw:1')]]),
        gateway: new Map([['id', { upstream_host: 'p' }]]),
        sidecar: new Map([['id', { response_code_details: 'via_upstream' }]]),
      }),
      false,
    ],
    [
      'the app wrote too',
      records({
        edge: new Map([['id', edge('gw:1')]]),
        gateway: new Map([['id', { upstream_host: 'p' }]]),
        sidecar: new Map([['id', { response_code_details: 'via_upstream' }]]),
        app: new Map([['id', { method: 'GET', uri: '/', status: 200, userAgent: 'id' }]]),
      }),
      true,
    ],
  ])('%s', (_, seen, complete) => {
    expect(isComplete([{ agent: 'id', wire: data({ status: 200 }) }], seen, 'idp:9400')).toBe(complete);
  });

  const complete = records({
    edge: new Map([['id', edge('gw:1')]]),
    gateway: new Map([['id', { upstream_host: 'p' }]]),
    sidecar: new Map([['id', { response_code_details: 'via_upstream' }]]),
    app: new Map([['id', { method: 'GET', uri: '/', status: 200, userAgent: 'id' }]]),
  });
  const hiddenSent = [{ agent: 'id', wire: data({ status: 200 }), hidden: 'h' }];

  it.each([
    ['nobody knows of it', {}, true],
    ['the edge handed it on, the app wrote nothing yet', { edge: edge('gw:1') }, false],
    ['the app wrote of it, the edge did not yet', { app: true }, false],
    ['the client left before its answer', { edge: { ...edge('gw:1'), status: 499 } }, true],
  ] as const)('of a hidden request: %s', (_, hidden: { edge?: EdgeRecord; app?: boolean }, done) => {
    const seen = {
      ...complete,
      edge: new Map([...complete.edge, ...(hidden.edge === undefined ? [] : [['h', hidden.edge] as const])]),
      app: new Map([
        ...complete.app,
        ...(hidden.app === true
          ? [['h', { method: 'GET', uri: '/', status: 200, userAgent: 'h' }] as const]
          : []),
      ]),
    };
    expect(isComplete(hiddenSent, seen, 'idp:9400')).toBe(done);
  });

  it.each([
    ['a sidecar of its own service wrote', 'orders id', true],
    ['only that of another service, which was called with the same User-Agent', 'stock id', false],
  ])('of a request for a service of the user: %s', (_, key, done) => {
    const seen = records({
      edge: new Map([['id', edge('gw:1')]]),
      gateway: new Map([['id', { upstream_host: 'p' }]]),
      sidecars: new Map([[key, { pod: 'p', record: { response_code_details: 'via_upstream' } }]]),
    });
    const sent = { agent: 'id', wire: data({ status: 200 }), service: 'orders' };
    expect(isComplete([sent], seen, 'idp:9400')).toBe(done);
    expect(isComplete([{ ...sent, via: 'pod' }], { ...seen, edge: new Map() }, 'idp:9400')).toBe(done);
  });

  it('waits for nobody when nothing came back', () => {
    expect(isComplete([{ agent: 'id', wire: ended('reset') }], records({}), 'idp:9400')).toBe(true);
  });
});

describe('createLookUp', () => {
  const lab = createLab(DEFAULT_CHOICE);
  const silent = { of: () => [], ofSidecars: () => [], [Symbol.dispose]: () => undefined };
  const sent = [{ agent: 'id', wire: data({ status: 200 }) }];

  it('ends at once when the run is stopped, and holds up nothing meanwhile', async () => {
    const lookUp = createLookUp({ context: { lab }, componentLogs: silent, signal: AbortSignal.timeout(10) });
    await expect(lookUp(sent)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('records of the sidecars of a service of the user', () => {
  const sample = createLab(DEFAULT_CHOICE);
  const lab = { ...sample, services: [...sample.services, healthyService()] };
  const line = (record: object) => JSON.stringify({ record: 'request', user_agent: 'id', ...record });

  it('know their pod, and are those of what came in, not of what the app sent on', async () => {
    const lines = [
      { pod: 'orders-b', line: line({ upstream_cluster: 'inbound|8080||', status: '200' }) },
      { pod: 'orders-b', line: line({ upstream_cluster: 'outbound|80||stock.apps', status: '500' }) },
    ];
    const logs = {
      of: () => [],
      ofSidecars: (service: string) => (service === 'orders' ? lines : []),
      [Symbol.dispose]: () => undefined,
    };
    const lookUp = createLookUp({
      context: { lab },
      componentLogs: logs,
      signal: AbortSignal.timeout(5_000),
    });
    const { records } = await lookUp([
      { agent: 'id', wire: data({ status: 200 }), via: 'pod', service: 'orders' },
    ]);
    expect(records.sidecars.get('orders id')).toMatchObject({ pod: 'orders-b', record: { status: '200' } });
    const traced = toTracedRequest(data({ status: 200, body: '{"headers":{}}' }), 'id', records, 'orders');
    expect(traced).toMatchObject({ pod: 'orders-b', sidecar: { status: '200' }, body: '' });
    expect(traced.echo).toBeUndefined();
  });
});

describe('parseEcho', () => {
  const token = ['{"alg":"ES256"}', '{"sub":"alice"}', 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

  it('keeps who the token is about, never the token', () => {
    const echo = parseEcho(
      JSON.stringify({
        headers: { Authorization: [`Bearer ${token}`], Cookie: ['secret=1'], 'X-A': ['1', '2'] },
      }),
    );
    const authorization = [sha256Hex(`Bearer ${token}`)];
    expect(echo).toEqual({ headers: { 'x-a': ['1', '2'] }, subject: 'alice', authorization });
    expect(JSON.stringify(echo)).not.toContain(token);
  });

  it('is nothing for any other page, so that a default site cannot pass for the app', () => {
    expect(parseEcho('<html>welcome</html>')).toBeUndefined();
    expect(parseEcho('')).toBeUndefined();
  });
});
