import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { type Fill, piecesOf, type Shot } from './shot.ts';

/** Where shots go: a plain port, or a name behind TLS. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly servername: string; readonly ca: string };
}

export interface Hit {
  /** Of each answer that came over the connection. */
  readonly statuses: readonly number[];
}

const STAY_MS = 300;
/** Whoever waits longer waits for more of the request. An answer that is later than this is not counted. */
const ANSWER_MS = 500;

/** Resolves when the connection is over, whoever ended it; never rejects. */
export function shoot(target: Target, shot: Shot, fill: Fill): Promise<Hit> {
  return new Promise((resolve) => {
    const socket = dial(target);
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve({ statuses: statusesIn(Buffer.concat(received)) }));
    socket.setTimeout(shot.leaving === 'stays' ? STAY_MS : ANSWER_MS, () => socket.destroy());
    socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () =>
      say(socket, piecesOf(shot, fill), shot.leaving),
    );
    // The answers of a kept connection are all there when it falls silent.
    if (shot.leaving === 'reads') socket.on('data', () => socket.setTimeout(50));
  });
}

function dial({ host, port, tls }: Target): Socket {
  return tls === undefined ? connect(port, host) : connectTls({ host, port, ...tls });
}

function say(socket: Socket, pieces: readonly Uint8Array[], leaving: Shot['leaving']): void {
  const [next, ...rest] = pieces;
  if (next === undefined) {
    if (leaving === 'ends') socket.end();
    if (leaving === 'leaves') vanish(socket);
    return;
  }
  if (socket.writable) socket.write(next, () => say(socket, rest, leaving));
}

/** Without a word, as a client does that is killed. Node.js resets plain connections only. */
export function vanish(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function statusesIn(bytes: Buffer): readonly number[] {
  return [...bytes.toString('latin1').matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
}
