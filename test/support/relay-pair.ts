import { once } from 'node:events';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { carry, type Carried } from '../../src/expose/carry.ts';
import type { RelayProtocol } from '../../src/guest/relay/absent.ts';
import { createRelay } from '../../src/guest/relay/relay.ts';

/** A relay and this machine's end of its tunnel, in one process. */
export interface RelayPair extends AsyncDisposable {
  /** Where the relay accepts connections of the service. */
  readonly port: number;
  /** Why the process refused, or undefined where it accepted; for each connection. */
  readonly dialled: (string | undefined)[];
  /** Opens a tunnel; the one that was open before is replaced. */
  readonly open: () => Promise<Tunnel>;
}

interface Tunnel extends Carried {
  readonly connection: Socket;
}

export async function relayPair(port: number, protocol: RelayProtocol = 'http'): Promise<RelayPair> {
  const { app, tunnels } = createRelay({ service: 'web', port, protocol });
  const [appPort, tunnelPort] = await Promise.all([listening(app), listening(tunnels)]);
  const dialled: (string | undefined)[] = [];
  const opened: Tunnel[] = [];
  const sockets = new Set<Socket>();
  for (const server of [app, tunnels]) server.on('connection', (socket: Socket) => sockets.add(socket));
  return {
    port: appPort,
    dialled,
    open: async () => {
      const connection = connect(tunnelPort, '127.0.0.1');
      const carried = carry(connection, { port, onDial: (refused) => dialled.push(refused) });
      const tunnel = { ...carried, connection };
      opened.push(tunnel);
      await tunnel.ready;
      return tunnel;
    },
    [Symbol.asyncDispose]: async () => {
      for (const tunnel of opened) tunnel.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([app, tunnels].map((server) => closed(server)));
    },
  };
}

/** The port that a server is given. */
export async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (!isAddress(address)) throw new Error(`no port: ${address}`);
  return address.port;
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

export async function closed(server: Server): Promise<void> {
  const done = once(server, 'close');
  server.close();
  await done;
}
