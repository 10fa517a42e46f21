import type { Server } from 'node:net';
import type { RelayProtocol } from './absent.ts';
import { createRelay } from './relay.ts';

/*
 * Usage: node main.js SERVICE PROTOCOL PORT TUNNEL_PORT
 * Accepts the connections of a service and passes them on through the tunnel that `meshdev expose` opens. SIGTERM and
 * SIGINT end the process at once.
 */
const PROTOCOLS: readonly RelayProtocol[] = ['http', 'http2', 'grpc', 'tcp'];

const [service = '', wanted, port, tunnelPort] = process.argv.slice(2);
const protocol = PROTOCOLS.find((known) => known === wanted);
if (protocol === undefined) throw new Error(`PROTOCOL must be one of ${PROTOCOLS.join(', ')}, not ${wanted}`);

process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));

const { app, tunnels } = createRelay({ service, protocol, port: Number(port) });
listen(app, Number(port), undefined);
listen(tunnels, Number(tunnelPort), '127.0.0.1');

function listen(server: Server, at: number, host: string | undefined): void {
  server.once('error', (error) => {
    process.stderr.write(`${error.message}\n`, () => process.exit(1));
  });
  server.listen({ port: at, ...(host === undefined ? {} : { host }) });
}
