import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { LabKeys } from '../../src/keys/lab-keys.ts';

/** What the component behind the edge saw of one request. */
export interface SeenBehind {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly sni: string | undefined;
  /** Names in the client's certificate. */
  readonly client: string | undefined;
}

export interface StandIn extends AsyncDisposable {
  readonly port: number;
  readonly seen: readonly SeenBehind[];
}

/** A server with the gateway's certificate and its demand for a client certificate; answers 200 with what it saw. */
export async function startStandIn(keys: LabKeys, certificate = keys.gateway): Promise<StandIn> {
  const seen: SeenBehind[] = [];
  const server = createServer(
    {
      cert: certificate.certificatePem,
      key: certificate.keyPem,
      ca: keys.gateway.clientCaPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (request, response) => {
      const { headers, method, url, socket } = request;
      const tls = socket instanceof TLSSocket ? socket : undefined;
      const sni = tls?.servername;
      seen.push({
        headers,
        method,
        url,
        sni: typeof sni === 'string' ? sni : undefined,
        client: tls?.getPeerCertificate().subjectaltname,
      });
      // Like a service that takes an upload: the answer comes when all of it is there.
      request.on('end', () => response.end('hello from behind')).resume();
    },
  );
  const port = await listen(server);
  return {
    port,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
