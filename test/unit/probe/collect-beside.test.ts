import { describe, expect, it } from 'vitest';
import { clusterCertificates } from '../../../src/probe/host/certificates.ts';
import { toVirtualService } from '../../../src/probe/gateway/cluster-state.ts';
import { edgeClientCurves, edgeListens } from '../../../src/probe/edge/edge-listeners.ts';
import { edgeRewrites } from '../../../src/probe/edge/edge-rewrites.ts';
import { addressesIn } from '../../../src/probe/edge/edge-state.ts';
import { linesWith } from '../../../src/probe/host/names.ts';

const proxy = {
  handler: 'reverse_proxy',
  headers: { request: { set: { Host: ['{http.request.hostport}'] } } },
  transport: { protocol: 'http', tls: { curves: ['x25519', 'secp256r1'] } },
};
const config = (handle: readonly unknown[]) => ({
  apps: {
    http: {
      servers: {
        srv0: {
          listen: [':443'],
          tls_connection_policies: [{}],
          routes: [
            { match: [{ host: ['a.test'] }], handle: [{ handler: 'subroute', routes: [{ handle }] }] },
          ],
        },
        srv1: { listen: [':80'] },
      },
    },
  },
});

describe('Caddy’s running configuration', () => {
  it('says which listeners have TLS', () => {
    expect(edgeListens(config([]))).toEqual([
      { listen: ':443', tls: true },
      { listen: ':80', tls: false },
    ]);
  });

  it('says which groups it offers to upstreams, by their usual names', () => {
    expect(edgeClientCurves(config([proxy]))).toEqual(['X25519', 'P-256']);
    expect(edgeClientCurves(config([]))).toEqual([]);
  });

  it('rewrites nothing as long as Host is handed on as it came', () => {
    expect(edgeRewrites(config([proxy]), 'a.test')).toEqual([]);
  });

  it('rewrites paths and hosts, each for its own host', () => {
    const named = { ...proxy, headers: { request: { set: { Host: ['b.test'] } } } };
    const handlers = [{ handler: 'rewrite', strip_path_prefix: '/v1' }, named];
    expect(edgeRewrites(config(handlers), 'a.test')).toEqual([
      { of: 'path', to: '/v1' },
      { of: 'host', to: 'b.test' },
    ]);
    expect(edgeRewrites(config(handlers), 'other.test')).toEqual([]);
  });
});

it('addressesIn reads getent once per address', () => {
  expect(addressesIn('172.18.0.2 STREAM a\n172.18.0.2 DGRAM\nfd00::2 STREAM\n')).toEqual([
    '172.18.0.2',
    'fd00::2',
  ]);
  expect(addressesIn('')).toEqual([]);
});

it('addressesIn takes what an engine says of a program that is missing for no address', () => {
  const said = 'OCI runtime exec failed: exec failed: unable to start container process: exec: "getent"';
  expect(addressesIn(said)).toEqual([]);
});

it('linesWith finds names in a hosts file, comments apart', () => {
  const file = '127.0.0.1 localhost\n# 1.2.3.4 a.test\n1.2.3.4 x A.test # ours\n1.2.3.5 aa.test\n';
  expect(linesWith(file, ['a.test'])).toEqual(['1.2.3.4 x A.test']);
});

it('clusterCertificates names each file by its place', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n';
  const text = `# /etc/kubernetes/pki/etcd/ca.crt\n${pem}# /var/lib/kubelet/pki/kubelet-client-current.pem\n${pem}`;
  const read = clusterCertificates(text).filter((one) => one.pem !== undefined);
  expect(read.map(({ name }) => name)).toEqual(['kubernetes-etcd-ca', 'kubernetes-kubelet-client-current']);
});

it('clusterCertificates has an empty entry for each that must be there and was not read', () => {
  const all = clusterCertificates('');
  expect(all.length).toBeGreaterThan(10);
  expect(all).toContainEqual({ name: 'kubernetes-apiserver', pem: undefined });
  const text = '# /etc/kubernetes/pki/ca.crt\n-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n';
  const [ca, ...missing] = clusterCertificates(text);
  expect(ca).toMatchObject({ name: 'kubernetes-ca', pem: expect.stringContaining('AA') });
  expect(missing.map(({ name }) => name)).toEqual(
    all.map(({ name }) => name).filter((name) => name !== 'kubernetes-ca'),
  );
});

it('toVirtualService reads both forms of a path rewrite, and the authority', () => {
  const spec = {
    hosts: ['a.test'],
    gateways: ['x/y'],
    http: [
      { rewrite: { uri: '/v2' } },
      { rewrite: { uriRegexRewrite: { match: 'a', rewrite: 'b' }, authority: 'c.test' } },
      {},
    ],
  };
  const object = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'n', namespace: 'm' },
    spec,
  };
  expect(toVirtualService(object)).toEqual({
    name: 'm/n',
    hosts: ['a.test'],
    gateways: ['x/y'],
    rewrites: [
      { of: 'path', to: '/v2' },
      { of: 'path', to: 'b' },
      { of: 'host', to: 'c.test' },
    ],
  });
});
