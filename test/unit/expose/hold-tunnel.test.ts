import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { holdTunnel } from '../../../src/expose/hold-tunnel.ts';
import { relayCluster } from '../../support/relay-cluster.ts';

const undo: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of undo.splice(0)) await each[Symbol.asyncDispose]();
});

async function setUp() {
  const relay = await relayCluster();
  undo.push(relay);
  const told: string[] = [];
  const events = {
    onOpen: () => told.push('open'),
    onLost: () => told.push('lost'),
    onSeen: (seen: string) => told.push(seen),
    onDial: () => undefined,
  };
  return { ...relay, events, told };
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
