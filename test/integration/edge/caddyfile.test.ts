import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDGE_ADMIN_SOCKET, EDGE_FILES } from '../../../src/edge/edge-files.ts';
import { STRIPPED_HEADERS } from '../../../src/edge/caddyfile.ts';
import { createLab, DEFAULT_CHOICE, publicHosts } from '../../../src/topology/lab.ts';
import { adapt } from '../../support/caddy.ts';

const lab = createLab({ ...DEFAULT_CHOICE, httpsPort: 8443 });

/** Every object below a node that has this member. */
function having(node: unknown, member: string): readonly Record<string, unknown>[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap((value) => having(value, member));
  return member in node ? [{ ...node }, ...inner] : inner;
}

describe('the rendered Caddyfile, as the real Caddy adapts it', () => {
  let directory = '';
  let config: unknown;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshdev-caddy-'));
    config = await adapt(lab, directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('has its admin API on a socket that only its owner may use, and keeps no copy of itself', () => {
    expect(config).toMatchObject({
      admin: { listen: `unix/${EDGE_ADMIN_SOCKET}|0600`, config: { persist: false } },
    });
  });

  it('serves one port with h1 and h2 and compares SNI with Host', () => {
    expect(having(config, 'listen').flatMap(({ listen }) => listen)).toEqual([
      `unix/${EDGE_ADMIN_SOCKET}|0600`,
      ':8443',
    ]);
    expect(having(config, 'strict_sni_host')).toHaveLength(1);
    expect(having(config, 'strict_sni_host')[0]).toMatchObject({
      strict_sni_host: true,
      protocols: ['h1', 'h2'],
    });
  });

  it('makes no redirects and installs nothing into the machine', () => {
    expect(having(config, 'automatic_https')[0]).toMatchObject({
      automatic_https: { disable_redirects: true },
    });
    expect(having(config, 'install_trust')[0]).toMatchObject({ install_trust: false });
  });

  it('verifies the gateway by our CA and one static name, shows its own certificate, skips nothing', () => {
    const [tls, ...others] = having(config, 'handshake_timeout');
    expect(others).toEqual([]);
    expect(tls).toMatchObject({
      server_name: lab.hosts.httpbin,
      ca: { provider: 'file', pem_files: [EDGE_FILES.upstreamAnchor] },
      client_certificate_file: EDGE_FILES.client,
      client_certificate_key_file: EDGE_FILES.clientKey,
    });
    expect(JSON.stringify(config)).not.toContain('insecure');
    expect(JSON.stringify(tls)).not.toContain('{http.');
  });

  it('leads each public name to its own upstream, by name, and keeps the Host', () => {
    const proxies = having(config, 'upstreams');
    expect(proxies.map(({ upstreams }) => upstreams)).toEqual([
      [{ dial: `${lab.cluster.node}:${lab.gatewayNodePort}` }],
      [{ dial: `${lab.containers.idp}:${lab.idpPort}` }],
    ]);
    for (const proxy of proxies)
      expect(proxy).toMatchObject({ headers: { request: { set: { Host: ['{http.request.hostport}'] } } } });
  });

  it('takes the identity and control headers of clients away, in every site', () => {
    const removed = having(config, 'delete').flatMap((each) => each['delete']);
    for (const name of STRIPPED_HEADERS)
      expect(removed.filter((each) => each === name)).toHaveLength(publicHosts(lab).length);
  });

  it('speaks TLS 1.3 alone, with certificates of the edge’s own CA', () => {
    for (const policy of having(config, 'protocol_min'))
      expect(policy).toMatchObject({ protocol_min: 'tls1.3' });
    expect(having(config, 'protocol_min').length).toBeGreaterThan(0);
    for (const issuer of having(config, 'module').filter(({ module }) => module === 'internal'))
      expect(issuer).toMatchObject({ ca: 'edge' });
    expect(having(config, 'certificate_authorities')[0]).toMatchObject({
      certificate_authorities: { edge: { intermediate: { certificate: EDGE_FILES.intermediate } } },
    });
  });

  it('answers 421 to whatever names no site', () => {
    expect(having(config, 'status_code').filter(({ status_code }) => status_code === 421)).toHaveLength(1);
  });
});
