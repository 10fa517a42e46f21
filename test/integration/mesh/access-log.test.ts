import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { request } from 'node:http';
import { once } from 'node:events';
import { REQUEST_LOG } from '../../../src/mesh/manifests/access-log.ts';
import { parseProxyLog, type ProxyRecord } from '../../../src/records/proxy-record.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { freePort, type Running } from '../../support/child.ts';
import { httpFilterChain, startEnvoy, typed } from '../../support/envoy.ts';
import { aJwt, anEncoding, opaque } from '../../support/tokens.ts';

/** The access log that gateway and sidecars write, by the Envoy that writes it there. */
describe('the access log of a proxy', () => {
  let port = 0;
  let envoy: Running;
  let sent = 0;

  beforeAll(async () => {
    port = await freePort();
    const chain = httpFilterChain([], { direct_response: { status: 200 } }, [
      {
        name: 'log',
        ...typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
          log_format: { json_format: REQUEST_LOG },
        }),
      },
    ]);
    envoy = await startEnvoy({ filter_chains: [chain] }, port);
  });
  afterAll(() => envoy[Symbol.asyncDispose]());

  /** Sends it and waits for its record. */
  async function record(path: string, headers: Record<string, string> = {}): Promise<ProxyRecord> {
    const id = `${String((sent += 1))}-of-this-test`;
    const asked = request({ port, path, headers: { 'x-meshdev-id': id, ...headers }, agent: false });
    asked.end();
    await once(asked, 'response');
    return waitUntil(
      async () => {
        const done = parseProxyLog(envoy.output()).find((one) => one.meshdev_id === id);
        return done === undefined ? { seen: envoy.output().slice(-500) } : { done };
      },
      { what: `the record of ${id}`, timeoutMs: 10_000, intervalMs: 20, signal: AbortSignal.timeout(20_000) },
    );
  }

  it.each([
    ['/headers', '/headers'],
    ['/anything/read/..%2fadmin;x=1?y=2', '/anything/read/..%2fadmin;x=1'],
    ['/anything/%61%64%6d%69%6e', '/anything/%61%64%6d%69%6e'],
    ['/a/123e4567-e89b-12d3-a456-426614174000/b', '/a/123e4567-e89b-12d3-a456-426614174000/b'],
    ['/eyes/key.pem.html', '/eyes/key.pem.html'],
  ])('has the path of %s as it was sent', async (path, seen) => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
    const written = await record(path, {
      'user-agent': agent,
      'x-forwarded-for': '203.0.113.9, 2001:db8::1',
      'x-request-id': '0f0f0f0f-e89b-42d3-a456-426614174000',
    });
    expect(written).toMatchObject({ path: seen, user_agent: agent, method: 'GET' });
    expect(written).toMatchObject({
      authority: `localhost:${port}`,
      forwarded_for: '203.0.113.9, 2001:db8::1',
    });
  });

  it('has the path that the client asked for where a route rewrote it', async () => {
    expect((await record('/new', { 'x-envoy-original-path': '/old?x=1' })).path).toBe('/old');
  });

  it('has no path of a token, and what stood before it', async () => {
    const [token = ''] = fc.sample(aJwt, 1);
    expect((await record(`/anything/${token}/more?x=1`)).path).toBe('/anything/[token]');
  });

  it('holds no JWT of a client, wherever it put one', async () => {
    await fc.assert(
      fc.asyncProperty(aJwt, anEncoding, async (token, encode) => {
        const before = envoy.output().length;
        await record(`/anything/${encode(token)}?q=${token}`, {
          'user-agent': `curl/8 ${token}`,
          'x-forwarded-for': token,
          'x-request-id': token,
          'x-envoy-original-path': `/${token}`,
          [`x-odd-${token.slice(-20)}`]: token,
          host: token.replaceAll('_', '-'),
        });
        const written = envoy.output().slice(before);
        const signature = token.split('.')[2] ?? '';
        expect(written).not.toContain(encode(signature));
        expect(written).not.toContain(signature.replaceAll('_', '-'));
      }),
      { numRuns: 15 },
    );
  });

  it('holds next to no code or refresh token in a path', async () => {
    const tokens = fc.sample(opaque, { numRuns: 40, seed: 7 });
    for (const token of tokens) await record(`/anything/${token}`);
    // Of four hundred one looks like a name to expressions of 100 instructions; none of these does.
    expect(tokens.filter((token) => envoy.output().includes(token))).toEqual([]);
  });
});
