import { connect, type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { absentAnswers, type Process } from './absent.ts';
import type { Absent } from './absent-header.ts';
import { join } from './join.ts';
import { authorityOf, keepAlive, REPLACED, TUNNEL_OPTIONS } from './tunnel.ts';

/** What stands in the cluster for a process on the machine of the user. */
export interface Relay {
  /** Accepts the connections of the service. */
  readonly app: Server;
  /** Accepts the tunnel. Bind it to the loopback address only: whoever reaches it receives what the service receives. */
  readonly tunnels: Server;
}

export function createRelay(process: Process): Relay {
  const absent = absentAnswers(process);
  const held: { tunnel?: ClientHttp2Session | undefined } = {};
  const authority = authorityOf(process.port);
  const app = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    // What the client does wrong ends its own connection only.
    socket.on('error', () => socket.destroy());
    const stream = openStream(held.tunnel, authority);
    if (stream === undefined) absent.answer(socket, 'no-tunnel');
    else awaitProcess(stream, socket, (why) => absent.answer(socket, why));
  });
  const tunnels = createServer({ noDelay: true }, (socket) => {
    const session = connect(`http://${authority}`, { ...TUNNEL_OPTIONS, createConnection: () => socket });
    session.on('error', () => session.destroy());
    // A session that has ended leaves its connection alone, also with an error that comes later.
    socket.on('error', () => session.destroy());
    // Only what speaks HTTP/2 replaces the tunnel that is there.
    session.once('remoteSettings', () => {
      keepAlive(session);
      held.tunnel?.goaway(constants.NGHTTP2_NO_ERROR, 0, Buffer.from(REPLACED));
      held.tunnel?.close();
      held.tunnel = session;
    });
    session.once('close', () => {
      if (held.tunnel === session) held.tunnel = undefined;
    });
  });
  return { app, tunnels };
}

/** Undefined where there is no tunnel, or one that ends. */
function openStream(
  tunnel: ClientHttp2Session | undefined,
  authority: string,
): ClientHttp2Stream | undefined {
  if (tunnel === undefined || tunnel.closed || tunnel.destroyed) return undefined;
  return tunnel.request({ ':method': 'CONNECT', ':authority': authority }, { endStream: false });
}

/** Reads nothing of the client before it is known who answers. */
function awaitProcess(stream: ClientHttp2Stream, socket: Socket, answer: (absent: Absent) => void): void {
  let waiting = true;
  const settle = (act: () => void): void => {
    if (!waiting) return;
    waiting = false;
    if (!socket.destroyed) act();
  };
  stream.on('error', () => settle(() => answer('no-tunnel')));
  stream.once('close', () => settle(() => answer('no-tunnel')));
  stream.once('response', ({ ':status': status }) => {
    if (status === 200) settle(() => void join(socket, stream));
    else settle(() => answer('no-process'));
    if (status !== 200) stream.close();
  });
  socket.once('close', () => {
    if (waiting) stream.close(constants.NGHTTP2_CANCEL);
  });
}
