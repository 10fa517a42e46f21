import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { holdTunnel } from '../../../src/expose/hold-tunnel.ts';
import { createRelay } from '../../../src/guest/relay/relay.ts';
import type { Cluster } from '../../../src/ports/cluster.ts';
import type { LocalService } from '../../../src/topology/service.ts';
import { closed, listening } from '../../support/relay-pair.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0)) await each();
});

async function started(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    return closed(server);
  });
  return listening(server);
}

function service(port: number): LocalService {
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

async function setUp() {
  const process = createServer((socket) => socket.on('error', () => undefined).end('hello'));
  const port = await started(process);
  const { app, tunnels: accepting } = createRelay({ service: 'web', port, protocol: 'tcp' });
  const [appPort, tunnelPort] = [await started(app), await started(accepting)];
  const told: string[] = [];
  const events = {
    onOpen: () => told.push('open'),
    onLost: () => told.push('lost'),
    onSeen: (seen: string) => told.push(seen),
    onDial: () => undefined,
  };
  return { ...clusterOf(tunnelPort), web: service(port), events, told, appPort };
}

/** How it ended; looked at from its beginning, so that no rejection is unhandled. */
function codeOf(held: Promise<never>): Promise<string> {
  return held.catch((error: unknown) => (error instanceof MeshdevError ? error.code : String(error)));
}

describe('a tunnel that is held', () => {
  it('is opened again when it breaks, once the relay is ready again, and ends with the signal', async () => {
    const { cluster, asked, tunnels, state, web, events, told, appPort } = await setUp();
    const stop = new AbortController();
    const held = holdTunnel(cluster, web, events, stop.signal);
    const heldEnd = codeOf(held);
    await expect.poll(() => told).toEqual(['open']);
    expect(asked).toEqual([
      expect.objectContaining({ labels: { app: 'web', 'dev.meshdev.service': 'web' } }),
      { namespace: 'apps', pod: 'web-1', port: 7999 },
    ]);
    expect(await text(connect(appPort, '127.0.0.1'))).toBe('hello');
    state.isReady = false;
    tunnels[0]?.destroy();
    await expect.poll(() => told.at(-1)).toMatch(/^looking for a ready pod/);
    state.isReady = true;
    await expect.poll(() => told.at(-1), { timeout: 5_000 }).toBe('open');
    expect(await text(connect(appPort, '127.0.0.1'))).toBe('hello');
    stop.abort();
    expect(await heldEnd).toBe('INTERRUPTED');
    await expect(once(connect(appPort, '127.0.0.1'), 'close')).rejects.toThrow('ECONNRESET');
  });

  it('is not begun without a relay: the lab is not as the file has it', async () => {
    const { cluster, state, web, events, told } = await setUp();
    state.isReady = false;
    await expect(holdTunnel(cluster, web, events, new AbortController().signal)).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
      remedies: ['meshdev up'],
    });
    expect(told).toEqual([]);
  });

  it('ends when another one takes its place', async () => {
    const { cluster, web, events, told } = await setUp();
    const stop = new AbortController();
    const first = holdTunnel(cluster, web, events, stop.signal);
    const firstEnd = codeOf(first);
    await expect.poll(() => told).toEqual(['open']);
    const second = holdTunnel(cluster, web, events, stop.signal);
    const secondEnd = codeOf(second);
    expect(await firstEnd).toBe('EXPOSE_REPLACED');
    stop.abort();
    expect(await secondEnd).toBe('INTERRUPTED');
  });
});
