import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONNECTION_LOG, REQUEST_LOG } from '../../../src/mesh/manifests/access-log.ts';
import { parseProxyLog } from '../../../src/records/proxy-record.ts';

/** As a sidecar of Istio 1.30 writes it: what it does not have is null or "-". */
const LINE = {
  authority: 'httpbin.mesh.localhost:10443',
  bytes_sent: 19,
  downstream_peer_uri_san: 'spiffe://cluster.local/ns/istio-ingress/sa/gateway',
  downstream_tls_cipher: 'TLS_AES_128_GCM_SHA256',
  downstream_tls_version: 'TLSv1.3',
  jwt_subject: null,
  meshdev_id: 'ed4c9b8f-e52e-40a1-921f-7f027a1950fe',
  record: 'request',
  response_code_details: 'rbac_access_denied_matched_policy[none]',
  response_flags: '-',
  status: 403,
  upstream_cluster: 'inbound|8080||',
  upstream_host: null,
  user_agent: '',
};

describe('parseProxyLog', () => {
  it('reads what a proxy wrote; numbers become text, what it had not is absent', () => {
    expect(parseProxyLog(JSON.stringify(LINE))).toEqual([
      {
        authority: 'httpbin.mesh.localhost:10443',
        bytes_sent: '19',
        downstream_peer_uri_san: 'spiffe://cluster.local/ns/istio-ingress/sa/gateway',
        downstream_tls_cipher: 'TLS_AES_128_GCM_SHA256',
        downstream_tls_version: 'TLSv1.3',
        meshdev_id: 'ed4c9b8f-e52e-40a1-921f-7f027a1950fe',
        record: 'request',
        response_code_details: 'rbac_access_denied_matched_policy[none]',
        status: '403',
        upstream_cluster: 'inbound|8080||',
      },
    ]);
  });

  it('passes over start-up messages, records of connections, and what is cut off', () => {
    const lines = [
      '2026-11-24T03:16:04.111779Z\tinfo\tFLAG: --concurrency="0"',
      JSON.stringify({ ...LINE, record: 'connection', downstream_failure: 'TLS_error' }),
      JSON.stringify({ ...LINE, record: undefined }),
      JSON.stringify(LINE).slice(0, 60),
      '{}',
      '',
      JSON.stringify(LINE),
    ];
    expect(parseProxyLog(lines.join('\n'))).toHaveLength(1);
  });

  it('has a place for every field of the log format', () => {
    const line = JSON.stringify({ ...REQUEST_LOG, record: 'request' });
    expect(Object.keys(parseProxyLog(line)[0] ?? {}).toSorted()).toEqual(Object.keys(REQUEST_LOG).toSorted());
    expect(parseProxyLog(JSON.stringify(CONNECTION_LOG))).toEqual([]);
  });

  it('keeps two records of one request apart and in order', () => {
    const [one, two] = [LINE, { ...LINE, status: 200 }].map((line) => JSON.stringify(line));
    expect(parseProxyLog(`${one}\n${two}`).map(({ status }) => status)).toEqual(['403', '200']);
  });

  it('never throws, whatever a client makes the proxy write', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        expect(parseProxyLog(`{${text}\n${JSON.stringify(value)}`)).toEqual([]);
      }),
    );
  });
});
