import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SigningPair } from '../../ports/certificate-authority.ts';
import { textOf } from '../../errors/meshdev-error.ts';

/** OpenSSL shows weak keys and outdated hashes only when it is told to. */
const SHOW_ANYTHING = 'DEFAULT@SECLEVEL=0';

/** TLS servers of this process on loopback, each with its certificate; any request gets 200. */
export interface LocalServers extends AsyncDisposable {
  /** In the order of the certificates. */
  readonly ports: readonly number[];
}

export async function openLocalServers(certificates: readonly SigningPair[]): Promise<LocalServers> {
  const servers = certificates.map(({ certificatePem, keyPem }) =>
    createServer({ cert: certificatePem, key: keyPem, ciphers: SHOW_ANYTHING }, (_request, response) =>
      response.end('imposter'),
    ),
  );
  for (const server of servers) {
    // Clients that go away are the point.
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
  }
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return {
    ports: servers.map(portOf),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new TypeError(`no port: ${textOf(address)}`);
  return address.port;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
