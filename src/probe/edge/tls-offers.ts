import { APP_ID } from '../../sample/names.ts';
import type { ForcedHandshakes, TlsOffers } from '../../evidence/tls-offers.ts';
import { FORGED } from '../../cases/traced-requests.ts';
import type { EdgeConfig } from '../../edge/running-config.ts';
import type { Job, JobResult, TlsJob } from '../../agent/program/job.ts';
import { GO_OFFER, TLS13_SUITES } from '../../trust/tls-libraries.ts';
import { gatewayClient } from '../certificates/shown.ts';
import { edgeClientCurves } from './edge-listeners.ts';
import { forgerOf } from '../certificates/forger.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 6_000;
const SERVERS = ['edge', 'gateway'] as const;
type Server = (typeof SERVERS)[number];

/** What is forced, one at a time. Lists of OpenSSL; those of TLS 1.2 are the suites that an ECDSA leaf can use. */
const FORCED = {
  versions: ['TLSv1.2', 'TLSv1.3'],
  groups: ['X25519MLKEM768', 'X25519', 'P-256', 'P-384'],
  ciphers: [
    ...TLS13_SUITES,
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
  ],
  alpn: ['h2', 'http/1.1'],
} as const;

/** One exec in the probe on the edge’s network: it meets the edge as pods do and the gateway as the edge does. */
export async function collectTlsOffers(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'signal'>,
  edgeConfig: () => Promise<EdgeConfig>,
): Promise<TlsOffers> {
  const { context, probes, signal } = probeContext;
  const base = await basesOf(probeContext);
  const jobs = SERVERS.flatMap((server) => forcedJobs(server, base[server]));
  const { [APP_ID]: app } = context.lab.hosts;
  const [results, { running }] = await Promise.all([
    probes.lab(
      [
        ...jobs,
        withHost({ ...base.gateway, id: 'crossed', servername: `unserved.${context.lab.domain}` }, app),
        withHost({ ...base.gateway, id: 'foreignSni', servername: FORGED.host }, app),
      ],
      signal,
    ),
    edgeConfig(),
  ]);
  const curves = edgeClientCurves(running);
  return {
    edge: handshakesOf(results, 'edge'),
    gateway: handshakesOf(results, 'gateway'),
    edgeAsClient: curves.length === 0 ? GO_OFFER : { ...GO_OFFER, groups: curves },
    crossed: wireOf(results, 'crossed'),
    foreignSni: wireOf(results, 'foreignSni'),
  };
}

async function basesOf(probeContext: Needs<'context' | 'keys'>): Promise<Readonly<Record<Server, TlsJob>>> {
  const { keys } = probeContext;
  const { lab } = probeContext.context;
  const client = await gatewayClient('control', await forgerOf(probeContext));
  const common = { kind: 'tls', id: '', servername: lab.hosts[APP_ID], alpn: ['http/1.1'] } as const;
  const rest = { timeoutMs: TIMEOUT_MS, readFirstMs: 0 } as const;
  return {
    edge: { ...common, ...rest, host: lab.containers.edge, port: lab.httpsPort, ca: keys.edge.rootPem },
    gateway: {
      ...common,
      ...rest,
      host: lab.cluster.node,
      port: lab.gatewayNodePort,
      ca: keys.mesh.rootPem,
      ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
    },
  };
}

/** A Host that is served nowhere is answered by the very component that shook hands, and nobody behind it. */
function forcedJobs(server: Server, base: TlsJob): readonly Job[] {
  const job = (what: string, more: Partial<TlsJob>): TlsJob =>
    withHost({ ...base, ...more, id: `${server} ${what}` }, FORGED.host);
  const asGo: Partial<TlsJob> = {
    minVersion: 'TLSv1.2',
    ciphers: GO_OFFER.ciphers.join(':'),
    groups: GO_OFFER.groups.join(':'),
  };
  return [
    job('asGo', asGo),
    ...FORCED.versions.map((version) => job(version, { minVersion: version, maxVersion: version })),
    ...FORCED.groups.map((group) => job(group, { groups: group })),
    ...FORCED.ciphers.map((cipher) =>
      job(cipher, {
        ciphers: cipher,
        ...(cipher.startsWith('TLS_')
          ? { minVersion: 'TLSv1.3' as const }
          : { maxVersion: 'TLSv1.2' as const }),
      }),
    ),
    ...FORCED.alpn.map((protocol) => job(protocol, { alpn: [protocol] })),
  ];
}

function withHost(job: TlsJob, host: string): TlsJob {
  return { ...job, request: { method: 'GET', path: '/', headers: [['Host', host]] } };
}

function handshakesOf(results: readonly JobResult[], server: Server): ForcedHandshakes {
  const seen = (what: string) => wireOf(results, `${server} ${what}`);
  const all = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, seen(name)]));
  return {
    asGo: seen('asGo'),
    versions: all(FORCED.versions),
    groups: all(FORCED.groups),
    ciphers: all(FORCED.ciphers),
    alpn: all(FORCED.alpn),
  };
}
