import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signalOf } from '../../../src/checks/signals.ts';
import { FORGED, TRACED_REQUESTS } from '../../../src/cases/traced-requests.ts';
import { EDGE_ADMIN_SOCKET } from '../../../src/edge/edge-files.ts';
import type { HttpRequest, TlsJob } from '../../../src/agent/program/job.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import { wireOf } from '../../../src/probe/requests/wire.ts';
import type { WireResult } from '../../../src/evidence/wire-result.ts';
import { type EdgeRecord, parseEdgeLog } from '../../../src/records/edge-record.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { createLab, DEFAULT_CHOICE, type Lab } from '../../../src/topology/lab.ts';
import { startEdge } from '../../support/caddy.ts';
import { freePort, type Running } from '../../support/child.ts';
import { aJwt, anEncoding, opaque } from '../../support/tokens.ts';
import { freshKeys } from '../../support/lab-keys.ts';
import { type StandIn, startStandIn } from '../../support/stand-in-gateway.ts';

const { signal } = new AbortController();

describe('a running edge', () => {
  let directory = '';
  let lab: Lab;
  let keys: LabKeys;
  let gateway: StandIn;
  let edge: Running;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshdev-edge-'));
    lab = createLab({ ...DEFAULT_CHOICE, httpsPort: await freePort() });
    keys = await freshKeys(lab);
    gateway = await startStandIn(keys);
    edge = await startEdge(lab, keys, { gatewayPort: gateway.port, idpPort: await freePort() }, directory);
  });
  afterAll(async () => {
    await edge[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  type Ask = Partial<Pick<TlsJob, 'servername' | 'alpn' | 'maxVersion'>> & { readonly request?: HttpRequest };

  /** `servername: ''` sends none. */
  async function ask({ servername = lab.hosts.httpbin, ...more }: Ask = {}): Promise<WireResult> {
    const job = {
      kind: 'tls',
      id: 'one',
      host: '127.0.0.1',
      port: lab.httpsPort,
      ca: keys.edge.rootPem,
      timeoutMs: 8000,
      readFirstMs: 0,
      request: get(lab.hosts.httpbin),
      ...(servername === '' ? {} : { servername }),
      ...more,
    } as const;
    return wireOf(await runJobs([job], signal), 'one');
  }

  function get(host: string, path = '/', headers: readonly (readonly [string, string])[] = []): HttpRequest {
    return { method: 'GET', path, headers: [['Host', `${host}:${lab.httpsPort}`], ...headers] };
  }

  function recordOf({ headers }: WireResult): Promise<EdgeRecord> {
    const id = headers['x-meshdev-id'];
    return waitUntil(
      async () => {
        const done = parseEdgeLog(edge.output()).find((record) => record.meshdevId === id);
        return done === undefined ? { seen: edge.output().slice(-300) } : { done };
      },
      { what: `the record of ${id}`, timeoutMs: 5000, intervalMs: 20, signal },
    );
  }

  it('leads to the gateway with our certificate, the host’s own SNI and the public Host', async () => {
    const result = await ask({ request: get(lab.hosts.httpbin, '/headers?a=1') });
    expect(result).toMatchObject({ protocol: 'TLSv1.3', status: 200 });
    expect(gateway.seen.at(-1)).toMatchObject({
      url: '/headers?a=1',
      sni: lab.hosts.httpbin,
      client: `DNS:${lab.hosts.edge}`,
      headers: { host: `${lab.hosts.httpbin}:${lab.httpsPort}` },
    });
  });

  it('writes a record with the id that gateway and client get', async () => {
    const result = await ask({ request: get(lab.hosts.httpbin, '/anything?x=%20y') });
    const record = await recordOf(result);
    expect(gateway.seen.at(-1)?.headers['x-meshdev-id']).toBe(record.meshdevId);
    expect(record).toMatchObject({
      method: 'GET',
      host: `${lab.hosts.httpbin}:${lab.httpsPort}`,
      uri: '/anything?x=%20y',
      status: 200,
      clientIp: '127.0.0.1',
      tlsVersion: 'TLSv1.3',
      serverName: lab.hosts.httpbin,
      upstream: `127.0.0.1:${gateway.port}`,
    });
    expect(record.error).toBeUndefined();
    expect(record.upstreamLatencyMs).toBeGreaterThan(0);
    expect(record.durationMs).toBeGreaterThanOrEqual(record.upstreamLatencyMs ?? Number.NaN);
  });

  it('writes no JWT of a client, wherever it put one', async () => {
    const { hosts } = lab;
    await fc.assert(
      fc.asyncProperty(aJwt, anEncoding, async (token, encode) => {
        const before = edge.output().length;
        const odd = [
          ['Authorization', `Bearer ${token}`],
          ['X-Odd', token],
          [`X-${token.slice(-24)}`, token],
          ['Referer', `https://elsewhere.test/?t=${token}`],
          ['User-Agent', `curl/8 ${token}`],
        ] as const;
        const path = `/anything/${encode(token)}?access_token=${token}&x=${encode(token)}`;
        await ask({ request: get(hosts.httpbin, path, odd) });
        await ask({ request: get(hosts.auth, path, odd) });
        await ask({ request: get('nobody.mesh.localhost', path, odd), servername: hosts.httpbin });
        await ask({ request: { ...get(hosts.httpbin, '/'), headers: [['Host', token], ...odd] } });
        await recordOf(await ask({ request: get(hosts.httpbin, '/after') }));
        const written = edge.output().slice(before);
        const signature = token.split('.')[2] ?? '';
        expect(written).not.toContain(signature);
        expect(written).not.toContain(encode(signature));
        expect(written).not.toContain(token.slice(-24));
      }),
      { numRuns: 10 },
    );
  });

  it('writes no code and no refresh token of a client', async () => {
    const [code = ''] = fc.sample(opaque, 1);
    const record = await recordOf(
      await ask({ request: get(lab.hosts.httpbin, `/anything/${code}?code=${code}&state=x`) }),
    );
    expect(record.uri).toBe('/anything/REDACTED?code=REDACTED&state=x');
  });

  it('knows the User-Agent of a request that Caddy itself refuses, and says it once', async () => {
    const before = edge.output().length;
    const agent = [['User-Agent', 'probe/1']] as const;
    await ask({ request: get(lab.hosts.auth, '/', agent), servername: lab.hosts.httpbin });
    const { status } = await ask({ request: get(lab.hosts.httpbin, '*', agent) });
    expect(status).toBe(400);
    await recordOf(await ask({ request: get(lab.hosts.httpbin, '/after') }));
    const lines = edge
      .output()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes('probe/1'));
    expect(lines.map((line) => line.split('"user_agent"').length - 1)).toEqual([1, 1]);
    expect(parseEdgeLog(lines.join('\n'))).toMatchObject([
      { status: 421, userAgent: 'probe/1' },
      { status: 400, userAgent: 'probe/1' },
    ]);
  });

  it('replaces all that a client claims about itself by what it sees', async () => {
    const spoofed = TRACED_REQUESTS.find(({ id }) => id === 'spoofed');
    await ask({ request: get(lab.hosts.httpbin, '/headers', spoofed?.headers ?? []) });
    const received = gateway.seen.at(-1)?.headers ?? {};
    for (const forged of Object.values(FORGED)) expect(JSON.stringify(received)).not.toContain(forged);
    expect(Object.keys(received).filter((name) => name.startsWith('x-envoy'))).toEqual([]);
    expect(received).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `${lab.hosts.httpbin}:${lab.httpsPort}`,
    });
  });

  it.each([
    ['h2', ['h2', 'http/1.1']],
    ['http/1.1', ['http/1.1']],
  ])('speaks %s and offers no h3', async (chosen, alpn) => {
    const wire = await ask({ alpn });
    expect(wire.alpn).toBe(chosen);
    expect(wire.headers).not.toHaveProperty('alt-svc');
  });

  it('says via in what comes from behind it, and in nothing else', async () => {
    const viaOf = async (request: HttpRequest) => (await ask({ request })).headers['via'];
    expect(await viaOf(get(lab.hosts.httpbin))).toContain('Caddy');
    expect(await viaOf(get(lab.hosts.auth))).toBeUndefined();
    expect(await viaOf(get(FORGED.host))).toBeUndefined();
  });

  it('answers 421 to the Host of another site and to one of nobody, and asks nobody', async () => {
    const before = gateway.seen.length;
    for (const host of [lab.hosts.auth, FORGED.host])
      expect((await ask({ request: get(host) })).status).toBe(421);
    expect(gateway.seen).toHaveLength(before);
  });

  it('refuses older clients and unknown names in the handshake', async () => {
    expect(await ask({ maxVersion: 'TLSv1.2' })).toMatchObject({ ended: 'alert', alert: 'protocol_version' });
    for (const servername of [`unserved.${lab.domain}`, ''])
      expect(await ask({ servername })).toMatchObject({ ended: 'alert', alert: 'internal_error' });
  });

  it('records why a site has no answer', async () => {
    const result = await ask({ servername: lab.hosts.auth, request: get(lab.hosts.auth) });
    expect(result.status).toBe(502);
    const { error = '' } = await recordOf(result);
    expect(error).toContain('connection refused');
    expect(signalOf({ source: 'edge error', text: error })?.reason).toMatch(/no process listens/);
  });

  it('refuses a request without a path itself, and says so', async () => {
    const before = gateway.seen.length;
    const result = await ask({ request: get(lab.hosts.httpbin, '*') });
    expect(result.status).toBe(400);
    const { error = '' } = await recordOf(result);
    expect(signalOf({ source: 'edge error', text: error })?.reason).toMatch(/has no path/);
    expect(gateway.seen).toHaveLength(before);
  });

  it('has its admin socket to itself', async () => {
    expect((await stat(join(directory, EDGE_ADMIN_SOCKET))).mode & 0o777).toBe(0o600);
  });

  it('gives nothing to a gateway that another CA certified', async () => {
    const other = await freshKeys(lab);
    await using rogueServer = await startStandIn(keys, other.gateway);
    const port = await freePort();
    const apart = await mkdtemp(join(tmpdir(), 'meshdev-edge-'));
    const elsewhere = { ...lab, httpsPort: port };
    const second = await startEdge(elsewhere, keys, { gatewayPort: rogueServer.port, idpPort: 9 }, apart);
    try {
      const job = {
        kind: 'tls',
        id: 'one',
        host: '127.0.0.1',
        port,
        servername: lab.hosts.httpbin,
        ca: keys.edge.rootPem,
        timeoutMs: 8000,
        request: { method: 'GET', path: '/', headers: [['Host', `${lab.hosts.httpbin}:${port}`]] },
      } as const;
      expect(wireOf(await runJobs([job], signal), 'one').status).toBe(502);
      expect(rogueServer.seen).toEqual([]);
      const unknown = parseEdgeLog(second.output()).at(-1)?.error ?? '';
      expect(unknown).toContain('certificate signed by unknown authority');
      expect(signalOf({ source: 'edge error', text: unknown })?.reason).toMatch(/not in the pool/);
    } finally {
      await second[Symbol.asyncDispose]();
      await rm(apart, { recursive: true, force: true });
    }
  });
});
