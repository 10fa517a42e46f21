import type { Seen } from '../../evidence/bad-certificates.ts';
import type { Answer, ListenerOrder, Sighting } from '../../agent/rogue-server/order.ts';
import type { SigningPair } from '../../ports/certificate-authority.ts';
import { HONEST } from '../../cases/certificates/flaws.ts';
import { forge } from '../certificates/forge.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import type { PartId } from '../certificates/forged-roles.ts';
import type { CertificateCase } from '../../cases/certificates/verifiers.ts';
import type { CertificateReason } from '../../trust/certificate-reason.ts';
import { withRogueServer } from '../../agent/ask-rogue-server.ts';
import { forgerOf } from '../certificates/forger.ts';
import { decoyPorts } from './decoy-ports.ts';
import type { Needs } from '../probe-context.ts';

/** OpenSSL shows weak keys and outdated hashes only when it is told to. */
const SHOW_ANYTHING = 'DEFAULT@SECLEVEL=0';
/** Whatever becomes of us, nothing listens any more after this. */
const LIFE_MS = 60_000;

/** One bad server, or the good one beside them: `case` is undefined. */
export interface BadServer {
  /** Of the case, or `control`. */
  readonly id: string;
  readonly case: CertificateCase | undefined;
  readonly port: number;
  /** What our own judge finds. */
  readonly found: readonly CertificateReason[];
}

export interface BadServers {
  readonly part: PartId;
  readonly cases: readonly CertificateCase[];
  readonly answer: (server: Pick<BadServer, 'id'>) => Answer;
  readonly alpn?: readonly string[];
}

/** What `work` found, and what each server saw, by id. */
export interface Imposed<T> {
  readonly done: T;
  readonly servers: readonly BadServer[];
  readonly seen: ReadonlyMap<string, Seen>;
}

/** Lets one server for each case, and a good one, stand in the probe container while `work` goes on. */
export async function withBadServers<T>(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'signal'>,
  order: BadServers,
  work: (servers: readonly BadServer[]) => Promise<T>,
): Promise<Imposed<T>> {
  const { context, engine, probes, signal } = probeContext;
  const ports = decoyPorts();
  const forger = await forgerOf(probeContext);
  const forged = await Promise.all(
    [undefined, ...order.cases].map(async (each, index) => {
      const pair = await forge(order.part, each?.recipe ?? HONEST, forger);
      const server = { id: each?.id ?? 'control', case: each, port: ports.portOf(index) };
      return { pair, server: { ...server, found: findingsOf(order.part, pair.certificatePem, forger) } };
    }),
  );
  const servers = forged.map(({ server }) => server);
  const { done, sightings } = await withRogueServer(
    {
      engine,
      ask: probes.lab,
      container: context.lab.containers.probe,
      listeners: forged.map(({ pair, server }) => listenerOf(server, pair, order)),
      controlPort: ports.control,
      timeoutMs: LIFE_MS,
      signal,
    },
    () => work(servers),
  );
  return { done, servers, seen: new Map(sightings.map((each) => [each.id, seenOf(each)])) };
}

function listenerOf(
  server: BadServer,
  { certificatePem, keyPem }: SigningPair,
  order: BadServers,
): ListenerOrder {
  return {
    id: server.id,
    port: server.port,
    tls: {
      cert: certificatePem,
      key: keyPem,
      ciphers: SHOW_ANYTHING,
      ...(order.alpn === undefined ? {} : { alpn: order.alpn }),
    },
    otherwise: order.answer(server),
  };
}

function seenOf({ connections, requests, error }: Sighting): Seen {
  return { connections, requests: requests.length, ...(error === undefined ? {} : { error }) };
}
