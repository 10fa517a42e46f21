import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { SessionTry } from '../../checks/evidence/own-answers.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { publicHosts } from '../../topology/lab.ts';
import type { Witness } from './witness.ts';

const TIMEOUT_MS = 5_000;

/** The session that one public name gives, offered to each of them. */
export async function collectEdgeSessions(witness: Witness): Promise<readonly SessionTry[]> {
  const hosts = publicHosts(witness.context.lab);
  const tries = hosts.flatMap((from) => hosts.map((to) => tried(witness, from, to)));
  return Promise.all(tries);
}

async function tried(witness: Witness, from: string, to: string): Promise<SessionTry> {
  try {
    const { session } = await handshake(witness, from);
    if (session === undefined) return { from, to, given: false, resumed: undefined, error: undefined };
    const { resumed } = await handshake(witness, to, session);
    return { from, to, given: true, resumed, error: undefined };
  } catch (thrown) {
    return { from, to, given: false, resumed: undefined, error: textOf(thrown) };
  }
}

interface Shaken {
  readonly session: Buffer | undefined;
  readonly resumed: boolean;
}

/** A whole exchange: tickets come after the handshake and before the answer. */
async function handshake(
  { context: { lab }, keys, signal }: Witness,
  servername: string,
  session?: Buffer,
): Promise<Shaken> {
  const socket = connect({
    host: '127.0.0.1',
    port: lab.httpsPort,
    servername,
    ca: keys.edge.rootPem,
    ALPNProtocols: ['http/1.1'],
    ...(session === undefined ? {} : { session }),
  });
  const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) };
  let given: Buffer | undefined;
  socket.on('session', (ticket: Buffer) => (given = ticket));
  try {
    await once(socket, 'secureConnect', within);
    const resumed = socket.isSessionReused();
    await exchange(socket, servername, within);
    return { session: given, resumed };
  } finally {
    socket.destroy();
  }
}

async function exchange(
  socket: TLSSocket,
  host: string,
  within: { readonly signal: AbortSignal },
): Promise<void> {
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  await once(socket, 'data', within);
}
