import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import type { CertificateForge } from '../../../src/probe/certificates/forge.ts';
import {
  type ClientCertificate,
  gatewayClient,
  sidecarClient,
} from '../../../src/probe/certificates/shown.ts';
import { GATEWAY_CLIENTS, SIDECAR_CLIENTS } from '../../../src/cases/certificates/verifiers.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { freePort, type Running } from '../../support/child.ts';
import { httpFilterChain, startEnvoy, typed } from '../../support/envoy.ts';
import { freshForger } from '../../support/lab-keys.ts';

const lab = createLab(DEFAULT_CHOICE);

/** A mutual TLS listener as istiod writes it; `subject` is what it asks of client names. */
function listener(keys: LabKeys, subject: object): object {
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
        match_typed_subject_alt_names: [subject],
      },
    },
  });
  const chain = httpFilterChain([], { direct_response: { status: 200, body: inline('hello') } });
  return { filter_chains: [{ ...chain, transport_socket: { name: 'tls', ...context } }] };
}

/** How the exchange ended: the first application byte, or the alert that came instead. */
async function ending(port: number, keys: LabKeys, client: ClientCertificate): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: lab.hosts.httpbin,
    ca: keys.mesh.rootPem,
    // Weak keys and outdated hashes are shown only so.
    ciphers: 'DEFAULT@SECLEVEL=0',
    checkServerIdentity: () => undefined,
    ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
  });
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve(alertOf(error)));
    socket.once('close', () => resolve('closed'));
    socket.once('data', () => end(socket, () => resolve('data')));
    // Read first: an early write can turn the alert into EPIPE. A server that accepts says nothing by itself.
    socket.once('secureConnect', () =>
      setTimeout(() => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 150),
    );
  });
}

function end(socket: TLSSocket, then: () => void): void {
  socket.destroy();
  then();
}

function alertOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : error.message;
  return (/ALERT_(.+)$/.exec(code)?.[1] ?? code).toLowerCase();
}

describe('forged client certificates against the real Envoy', () => {
  let keys: LabKeys;
  let forger: CertificateForge;
  let servers: readonly Running[] = [];
  const ports = { gateway: 0, sidecar: 0 };

  beforeAll(async () => {
    const fresh = await freshForger(lab);
    keys = fresh.keys;
    forger = fresh;
    ports.gateway = await freePort();
    ports.sidecar = await freePort();
    const edge = { san_type: 'DNS', matcher: { exact: lab.hosts.edge } };
    const member = { san_type: 'URI', matcher: { prefix: `spiffe://${lab.workloads.gateway.trustDomain}/` } };
    servers = [
      await startEnvoy(listener(keys, edge), ports.gateway),
      await startEnvoy(listener(keys, member), ports.sidecar),
    ];
  });

  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  it("admits Caddy's own client certificate at the gateway", async () => {
    expect(await ending(ports.gateway, keys, keys.edgeClient)).toBe('data');
  });

  it('admits the control of both', async () => {
    expect(await ending(ports.gateway, keys, await gatewayClient('control', forger))).toBe('data');
    expect(await ending(ports.sidecar, keys, await sidecarClient('control', forger))).toBe('data');
  });

  it.each(GATEWAY_CLIENTS)('the gateway meets $id as it should: $why', async (each) => {
    const client = await gatewayClient(each, forger);
    expect(await ending(ports.gateway, keys, client)).toContain(each.tolerable ? 'data' : each.alert);
  });

  it.each(SIDECAR_CLIENTS)('a sidecar meets $id as it should: $why', async (each) => {
    const client = await sidecarClient(each, forger);
    expect(await ending(ports.sidecar, keys, client)).toContain(each.tolerable ? 'data' : each.alert);
  });
});
