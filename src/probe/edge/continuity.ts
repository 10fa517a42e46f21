import { ADMIN, VIEWER } from '../../sample/names.ts';
import { randomUUID } from 'node:crypto';
import type { Continuity, Turn } from '../../evidence/corpora.ts';
import { rawRequest, sendCases, sendShots, sentAs, type Shot } from '../requests/send-shots.ts';
import type { Needs } from '../probe-context.ts';
import { authorityOf } from '../../topology/lab.ts';

const NONCES = 20;
/** Requests of both users together, over each protocol. */
const TURNS = 50;

/** Many requests that must not be mixed up, and one that becomes a WebSocket. */
export async function collectContinuity(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<Continuity> {
  const { [ADMIN]: admin, [VIEWER]: viewer } = await probeContext.tokens();
  const host = authorityOf(probeContext.context.lab);
  const bearers = { [ADMIN]: `Bearer ${admin.accessToken}`, [VIEWER]: `Bearer ${viewer.accessToken}` };
  const [nonces, http1, http2, webSocket] = await Promise.all([
    sendNonces(probeContext, host, bearers[ADMIN]),
    takeTurns(probeContext, 'http/1.1', { host, bearers }),
    takeTurns(probeContext, 'h2', { host, bearers }),
    // Gateway and sidecar close it a second late each, and nothing else need wait for that.
    openWebSocket({ ...probeContext, inTurn: (send) => send() }, host, bearers[ADMIN]),
  ]);
  return { nonces, turns: { http1, http2 }, ...webSocket };
}

async function sendNonces(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'>,
  host: string,
  bearer: string,
): Promise<Continuity['nonces']> {
  const cases = Array.from({ length: NONCES }, () => ({ id: randomUUID() }));
  const requests = await sendCases(probeContext, cases, ({ id }) => ({
    via: 'edge',
    request: (agent) =>
      rawRequest({
        agent,
        host,
        line: `GET /anything/read?nonce=${id}`,
        lines: [`Authorization: ${bearer}`],
      }),
  }));
  return requests.map(({ case: { id }, ...traced }) => ({ nonce: id, traced }));
}

interface Users {
  readonly host: string;
  readonly bearers: Readonly<Record<Turn['user'], string>>;
}

interface TurnCase extends Pick<Turn, 'user'> {
  readonly id: string;
}

/** Over one connection: what belongs to the connection is not the user's. */
async function takeTurns(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'>,
  protocol: 'http/1.1' | 'h2',
  { host, bearers }: Users,
): Promise<readonly Turn[]> {
  const cases = Array.from({ length: TURNS }, (_each, at): TurnCase => ({
    id: `turn-${protocol}-${at}`,
    user: at % 2 === 0 ? ADMIN : VIEWER,
  }));
  const requests = await sendCases(probeContext, cases, ({ user }) => ({
    via: 'edge',
    protocol,
    connections: 1,
    request: (agent) =>
      protocol === 'h2'
        ? {
            method: 'GET',
            path: '/headers',
            headers: [
              ['host', host],
              ['user-agent', agent],
              ['authorization', bearers[user]],
            ],
          }
        : rawRequest({ agent, host, line: 'GET /headers', lines: [`Authorization: ${bearers[user]}`] }),
  }));
  return requests.map(({ case: { user }, ...traced }) => ({ user, traced }));
}

async function openWebSocket(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'>,
  host: string,
  bearer: string,
): Promise<Pick<Continuity, 'webSocket' | 'webSocketText' | 'webSocketWithoutToken'>> {
  const text = `through ${randomUUID()}`;
  const shot = (id: string, lines: readonly string[]): Shot => ({
    id,
    via: 'edge',
    alone: true,
    request: (agent) =>
      rawRequest({
        agent,
        host,
        line: 'GET /websocket/echo',
        lines: [...lines, ...UPGRADE],
        body: frames(text),
      }),
  });
  const sent = await sendShots(probeContext, [
    shot('web-socket', [`Authorization: ${bearer}`]),
    shot('web-socket-without-token', []),
  ]);
  const webSocket = sentAs(sent, 'web-socket');
  return {
    // Frames are no UTF-8, so the body came in base64.
    webSocket: { ...webSocket, body: Buffer.from(webSocket.body, 'base64').toString('latin1') },
    webSocketText: text,
    webSocketWithoutToken: sentAs(sent, 'web-socket-without-token'),
  };
}

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: bWVzaGRldiBub25jZSAhIQ==',
] as const;

/** RFC 6455: a text and a close frame, masked with zeros, as one Latin-1 string. */
function frames(text: string): string {
  const zeros = [0, 0, 0, 0];
  const [final, masked] = [0x80, 0x80];
  const frame = (opcode: number, payload: string): string =>
    String.fromCodePoint(final | opcode, masked | payload.length, ...zeros) + payload;
  return frame(1, text) + frame(8, '\u0003\u00e8');
}
