import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { type Ending, wireError } from './ending.ts';
import { exchange } from './exchange.ts';
import type { Exchanged } from './exchanged.ts';
import type { TlsJob, TlsResult } from './job.ts';
import { type Line, listen, openLine, outcome, overBefore, since } from './line.ts';
import { Received } from './received.ts';

export const READ_FIRST_MS = 300;
const MAX_CHAIN = 32;

/** @throws what `node:tls` throws for options it cannot use: keys, ciphers, versions. */
export async function runTls(job: TlsJob, deadline: AbortSignal): Promise<TlsResult> {
  const line = openLine(connect(tlsOptions(job)), deadline);
  const ticket = new Promise<undefined>((resolve) => {
    // Node.js is still inside OpenSSL when it says `session`: what is written right then never goes out.
    line.socket.once('session', () => setImmediate(resolve, undefined));
  });
  const received = new Received();
  try {
    const broken = await overBefore(line, 'secureConnect');
    const at = broken === undefined ? performance.now() : undefined;
    const facts = handshakeFacts(line.socket, at !== undefined);
    const over = broken ?? (await refusedFirst(line, job, ticket));
    const heard = over === undefined ? await hear(line, job, received) : { ending: over };
    return result(job, line, received, facts, at, heard);
  } finally {
    line.socket.destroy();
  }
}

export function tlsOptions(job: Omit<TlsJob, 'kind'>): ConnectionOptions {
  return {
    host: job.host,
    port: job.port,
    // The point is to see what the server shows; whether it may be trusted is judged afterwards.
    rejectUnauthorized: false,
    ca: job.ca ?? [],
    ...(job.servername === undefined ? {} : { servername: job.servername }),
    ...(job.alpn === undefined ? {} : { ALPNProtocols: [...job.alpn] }),
    ...(job.cert === undefined ? {} : { cert: job.cert }),
    ...(job.key === undefined ? {} : { key: job.key }),
    ...(job.minVersion === undefined ? {} : { minVersion: job.minVersion }),
    ...(job.maxVersion === undefined ? {} : { maxVersion: job.maxVersion }),
    ...(job.ciphers === undefined ? {} : { ciphers: job.ciphers }),
    ...(job.groups === undefined ? {} : { ecdhCurve: job.groups }),
  };
}

/** Listens before anything is written: an alert that comes now must not be lost to an early write. */
async function refusedFirst(
  { socket, over }: Line<TLSSocket>,
  job: TlsJob,
  ticket: Promise<undefined>,
): Promise<Ending | undefined> {
  // Before TLS 1.3 the server's last message comes after it has judged the client.
  if (socket.getProtocol() !== 'TLSv1.3' || job.request === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), job.readFirstMs ?? READ_FIRST_MS);
  });
  try {
    return await Promise.race([over, ticket, quiet]);
  } finally {
    clearTimeout(timer);
  }
}

async function hear(line: Line<TLSSocket>, job: TlsJob, received: Received): Promise<Exchanged> {
  if (job.request !== undefined) {
    return exchange(line, job.request, received, line.socket.alpnProtocol || undefined);
  }
  const ending = await listen(line, received);
  return ending === undefined ? {} : { ending };
}

type HandshakeFacts = Pick<
  TlsResult,
  'handshake' | 'protocol' | 'cipher' | 'alpn' | 'peerChain' | 'authorized' | 'authorizationError'
>;

/** Read right after the handshake: nothing of this is left once the socket is destroyed. */
function handshakeFacts(socket: TLSSocket, handshake: boolean): HandshakeFacts {
  if (!handshake) return { handshake, peerChain: [], authorized: false };
  const protocol = socket.getProtocol();
  const problem = authorizationProblem(socket);
  return {
    handshake,
    ...(protocol === null ? {} : { protocol }),
    cipher: socket.getCipher().standardName,
    ...(socket.alpnProtocol ? { alpn: socket.alpnProtocol } : {}),
    peerChain: presented(socket.getPeerX509Certificate()),
    authorized: socket.authorized,
    ...(problem === undefined ? {} : { authorizationError: problem }),
  };
}

/** Node.js keeps the code here, in spite of the declared type; for a few problems the whole error. */
function authorizationProblem(socket: TLSSocket): string | undefined {
  const problem: unknown = socket.authorizationError;
  if (typeof problem === 'string') return problem;
  return problem instanceof Error ? wireError(problem).code : undefined;
}

function presented(leaf: X509Certificate | undefined): readonly string[] {
  const chain: string[] = [];
  for (let at = leaf; at !== undefined && chain.length < MAX_CHAIN; at = at.issuerCertificate) {
    const pem = at.toString();
    // A self-signed certificate is its own issuer.
    if (chain.includes(pem)) break;
    chain.push(pem);
  }
  return chain;
}

function result(
  job: TlsJob,
  line: Line<TLSSocket>,
  received: Received,
  facts: HandshakeFacts,
  handshakeAt: number | undefined,
  { response, ending }: Exchanged,
): TlsResult {
  const { first, timings, ...rest } = outcome(line, received, ending);
  return {
    kind: 'tls',
    id: job.id,
    ...facts,
    ...rest,
    ...(ending?.alert === undefined ? {} : { alert: ending.alert }),
    timings: { ...timings, ...since(line.began, 'handshakeMs', handshakeAt) },
    ...(response === undefined ? (first === undefined ? {} : { first }) : { response }),
  };
}
