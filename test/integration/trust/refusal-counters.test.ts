import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { GatewayWire } from '../../../src/evidence/wires.ts';
import type { TlsJob } from '../../../src/agent/program/job.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import type { CertificateForge } from '../../../src/probe/certificates/forge.ts';
import { gatewayClient } from '../../../src/probe/certificates/shown.ts';
import { GATEWAY_CLIENTS } from '../../../src/cases/certificates/verifiers.ts';
import { rise, sumCounters } from '../../../src/probe/gateway/tls-counters.ts';
import { wireOf } from '../../../src/probe/requests/wire.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { freePort, type Running } from '../../support/child.ts';
import { httpFilterChain, startEnvoy, typed } from '../../support/envoy.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { freshForger } from '../../support/lab-keys.ts';

const lab = createLab(DEFAULT_CHOICE);
const { signal } = new AbortController();

/** A listener as istiod writes the gateway's: client certificates of one CA, with one name. */
function listener(keys: LabKeys): object {
  const inline = (text: string): object => ({ inline_string: text });
  const context = typed('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
    require_client_certificate: true,
    common_tls_context: {
      tls_params: { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' },
      tls_certificates: [
        { certificate_chain: inline(keys.gateway.certificatePem), private_key: inline(keys.gateway.keyPem) },
      ],
      validation_context: {
        trusted_ca: inline(keys.gateway.clientCaPem),
        match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: lab.hosts.edge } }],
      },
    },
  });
  const chain = httpFilterChain([], { direct_response: { status: 403, body: inline('no') } });
  return { filter_chains: [{ ...chain, transport_socket: { name: 'tls', ...context } }] };
}

describe('the counters of a real Envoy that refuses forged client certificates', () => {
  let keys: LabKeys;
  let forger: CertificateForge;
  let envoy: Running;
  const ports = { tls: 0, admin: 0 };

  beforeAll(async () => {
    const fresh = await freshForger(lab);
    keys = fresh.keys;
    forger = fresh;
    ports.tls = await freePort();
    ports.admin = await freePort();
    envoy = await startEnvoy(listener(keys), ports.tls, [], ports.admin);
  });
  afterAll(() => envoy[Symbol.asyncDispose]());

  const counters = async () =>
    sumCounters(await (await fetch(`http://127.0.0.1:${ports.admin}/stats?filter=listener.*ssl`)).text());

  async function probe(): Promise<Pick<GatewayWire, 'forged' | 'counters'>> {
    const before = await counters();
    const jobs = await Promise.all(
      GATEWAY_CLIENTS.map(async (each): Promise<TlsJob> => {
        const { id } = each;
        const client = await gatewayClient(each, forger);
        return {
          kind: 'tls',
          id,
          host: '127.0.0.1',
          port: ports.tls,
          servername: lab.hosts.httpbin,
          ciphers: 'DEFAULT@SECLEVEL=0',
          timeoutMs: 6000,
          request: { method: 'GET', path: '/', headers: [['Host', lab.hosts.httpbin]] },
          ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
        };
      }),
    );
    const results = await runJobs(jobs, signal);
    return {
      forged: GATEWAY_CLIENTS.map((each) => ({
        case: each,
        found: [each.reason],
        wire: wireOf(results, each.id),
        // Its listener has no connection log: the words are not in question here.
        record: each.says,
      })),
      counters: rise(before, await counters()),
    };
  }

  it('rise by exactly the number of tries, each reason in its own counter', async () => {
    const seen = await probe();
    expect(seen.counters).toMatchObject({
      fail_verify_no_cert: 1,
      fail_verify_error: 13,
      fail_verify_san: 5,
    });
  });

  it('are what the judges ask for', async () => {
    const healthy = healthyEvidence(lab, await makeMaterial(lab));
    const evidence = { ...healthy, 'gateway.wire': { ...healthy['gateway.wire'], ...(await probe()) } };
    const ids = ['MD-EGW-008', 'MD-EGW-009', 'MD-EGW-010', 'MD-EGW-011'];
    const judged = CATALOGUE.filter(({ id }) => ids.includes(id)).map((check) =>
      check.judge(evidence, { lab, at: Date.now() }),
    );
    const verdicts = judged.flatMap((one) => (one.kind === 'cases' ? one.cases : [{ id: '', verdict: one }]));
    const red = verdicts.filter(({ verdict }) => verdict.kind !== 'pass' && verdict.kind !== 'skip');
    expect(judged.length).toBe(ids.length);
    expect(red).toEqual([]);
  });
});
