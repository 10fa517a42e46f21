import { constants, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { textOf } from '../errors/meshdev-error.ts';
import { join } from '../guest/relay/join.ts';
import { authorityOf, keepAlive, REPLACED, TUNNEL_OPTIONS } from '../guest/relay/tunnel.ts';
import { dial } from './dial.ts';

/** How a tunnel ended: by another `expose` of the same service, or because its connection broke. */
export type TunnelEnd = { readonly kind: 'replaced' } | { readonly kind: 'broken'; readonly because: string };

export interface Carried {
  /** Resolves once the relay answers; never where the tunnel ends before. */
  readonly ready: Promise<void>;
  readonly ended: Promise<TunnelEnd>;
  /** Ends the tunnel and every connection in it. */
  close(): void;
}

export interface CarryOptions {
  /** Of the process, on this machine. */
  readonly port: number;
  /** Whether the process accepted a connection; the text says why not. */
  readonly onDial: (refused: string | undefined) => void;
}

/**
 * This machine's end of a tunnel: dials the process for each connection that the relay asks for, and that port alone.
 * @param connection to the relay
 */
export function carry(connection: Duplex, { port, onDial }: CarryOptions): Carried {
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<TunnelEnd>();
  const session = performServerHandshake(connection, TUNNEL_OPTIONS);
  let because = 'the connection was closed';
  let isReplaced = false;
  // A session that has ended leaves its connection alone, also with an error that comes later.
  connection.on('error', (error) => {
    because = textOf(error);
    session.destroy();
  });
  session.on('stream', (stream, { ':method': method, ':authority': authority }) => {
    stream.on('error', () => stream.close(constants.NGHTTP2_CONNECT_ERROR));
    const isAllowed = method === 'CONNECT' && authority === authorityOf(port);
    if (isAllowed) void connectTo(stream, port, onDial);
    else stream.respond({ ':status': 403 }, { endStream: true });
  });
  session.on('error', (error) => {
    because = textOf(error);
    session.destroy();
  });
  session.on('goaway', (_code, _last, said) => {
    if (Buffer.from(said ?? '').toString('utf8') !== REPLACED) return;
    isReplaced = true;
    session.destroy();
  });
  session.once('remoteSettings', () => {
    keepAlive(session);
    ready.resolve();
  });
  session.once('close', () => ended.resolve(isReplaced ? { kind: 'replaced' } : { kind: 'broken', because }));
  return { ready: ready.promise, ended: ended.promise, close: () => session.destroy() };
}

async function connectTo(
  stream: ServerHttp2Stream,
  port: number,
  onDial: CarryOptions['onDial'],
): Promise<void> {
  try {
    const socket = await dial(port);
    onDial(undefined);
    if (stream.destroyed || stream.closed) {
      socket.destroy();
      return;
    }
    stream.respond({ ':status': 200 });
    await join(socket, stream);
  } catch (error) {
    onDial(textOf(error));
    if (!stream.destroyed && !stream.headersSent) stream.respond({ ':status': 502 }, { endStream: true });
  }
}
