import { once } from 'node:events';
import { connect } from 'node:tls';
import type { SessionGiven } from '../../evidence/own-answers.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { publicHosts } from '../../topology/lab.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { edgeAccess } from './edge-access.ts';
import type { Needs } from '../probe-context.ts';
import { patientTimeout } from '../../run/patience.ts';

const TIMEOUT_MS = 5_000;

/** Whether each public name gives its clients a session to be resumed. */
export function collectEdgeSessions(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<readonly SessionGiven[]> {
  return sessionsOf(edgeAccess(probeContext));
}

export function sessionsOf(edge: EdgeAccess): Promise<readonly SessionGiven[]> {
  return Promise.all(publicHosts(edge.lab).map((host) => sessionOf(edge, host)));
}

/** A whole exchange: tickets come after the handshake and before the answer. */
async function sessionOf({ lab, edgeRootPem, signal }: EdgeAccess, host: string): Promise<SessionGiven> {
  const socket = connect({
    host: '127.0.0.1',
    port: lab.httpsPort,
    servername: host,
    ca: edgeRootPem,
    ALPNProtocols: ['http/1.1'],
  });
  const within = { signal: AbortSignal.any([signal, patientTimeout(TIMEOUT_MS)]) };
  let given = false;
  socket.on('session', () => (given = true));
  try {
    await once(socket, 'secureConnect', within);
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'data', within);
    return { host, given, error: undefined };
  } catch (thrown) {
    return { host, given, error: textOf(thrown) };
  } finally {
    socket.destroy();
  }
}
