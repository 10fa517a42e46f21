import { createServer, connect, type Server, type Socket } from 'node:net';
import { createRelay } from '../../src/guest/relay/relay.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
import type { LocalService } from '../../src/topology/service.ts';
import { closed, listening } from './relay-pair.ts';

/** The API server and a relay behind it, and a process that says hello to whoever connects. */
export interface RelayCluster extends AsyncDisposable {
  readonly cluster: Pick<Cluster, 'list' | 'connectToPod'>;
  /** What the API server was asked. */
  readonly asked: readonly unknown[];
  /** Ends of the tunnels at the API server. */
  readonly tunnels: readonly Socket[];
  /** Whether the pod of the relay is ready. */
  readonly state: { isReady: boolean };
  readonly web: LocalService;
  /** Where the relay accepts connections of the service. */
  readonly appPort: number;
}

export async function relayCluster(): Promise<RelayCluster> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const started = async (server: Server): Promise<number> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    return listening(server);
  };
  const port = await started(createServer((socket) => socket.on('error', () => undefined).end('hello')));
  const { app, tunnels: accepting } = createRelay({ service: 'web', port, protocol: 'tcp' });
  const [appPort, tunnelPort] = [await started(app), await started(accepting)];
  return {
    ...clusterOf(tunnelPort),
    web: localWeb(port),
    appPort,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => closed(server)));
    },
  };
}

function localWeb(port: number): LocalService {
  return {
    id: 'web',
    identity: { trustDomain: 'cluster.local', namespace: 'apps', serviceAccount: 'web' },
    selector: { app: 'web' },
    port: { service: port, target: port },
    extraPorts: [],
    protocol: 'tcp',
    source: { kind: 'local', port },
    app: 'opaque',
    access: [],
    callers: [],
    dependsOn: [],
    trustedHeaders: [],
    active: 'safe',
  };
}

/** The API server, with one relay that listens on this machine. */
function clusterOf(tunnelPort: number) {
  const asked: unknown[] = [];
  const tunnels: Socket[] = [];
  const state = { isReady: true };
  const cluster: Pick<Cluster, 'list' | 'connectToPod'> = {
    list: async (query) => {
      asked.push(query);
      return [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'web-1', namespace: 'apps' },
          status: { conditions: [{ type: 'Ready', status: state.isReady ? 'True' : 'False' }] },
        },
      ];
    },
    connectToPod: async (port) => {
      asked.push(port);
      const socket = connect(tunnelPort, '127.0.0.1');
      tunnels.push(socket);
      return socket;
    },
  };
  return { cluster, asked, tunnels, state };
}
