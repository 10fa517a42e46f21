import { APP_ID } from '../../sample/names.ts';
import type { EdgeWire } from '../../evidence/wires.ts';
import { FORGED } from '../../cases/traced-requests.ts';
import type { Job, TlsJob } from '../../agent/program/job.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';
import { recordOf } from '../../record-of.ts';

const IDS = [
  APP_ID,
  'auth',
  'http1',
  'tls12',
  'unknownSni',
  'noSni',
  'crossed',
  'unknownHost',
] as const satisfies readonly (keyof EdgeWire)[];

/** Handshakes with the edge from this machine: served names, unserved ones, none, an old client. */
export async function collectEdgeWire({
  context: { lab },
  keys,
  signal,
}: Needs<'context' | 'keys' | 'signal'>): Promise<EdgeWire> {
  const { auth, [APP_ID]: app } = lab.hosts;
  const discovery = '/.well-known/openid-configuration';
  const jobs: readonly Job[] = [
    edgeJob(APP_ID, { sni: app, host: app, alpn: ['h2', 'http/1.1'] }),
    edgeJob('auth', { sni: auth, host: auth, path: discovery, alpn: ['h2', 'http/1.1'] }),
    edgeJob('http1', { sni: app, host: app, alpn: ['http/1.1'] }),
    edgeJob('tls12', { sni: app, host: app, maxVersion: 'TLSv1.2' }),
    edgeJob('unknownSni', { sni: `unserved.${lab.domain}`, host: `unserved.${lab.domain}` }),
    edgeJob('noSni', { host: app }),
    edgeJob('crossed', { sni: app, host: auth, path: discovery, alpn: ['http/1.1'] }),
    edgeJob('unknownHost', { sni: app, host: FORGED.host, alpn: ['http/1.1'] }),
  ];
  const results = await runHere(jobs, signal);
  return recordOf(IDS, (id) => wireOf(results, id));

  function edgeJob(id: keyof EdgeWire, { sni, host, path = '/', ...tls }: EdgeJob): TlsJob {
    const authority = lab.httpsPort === 443 ? host : `${host}:${lab.httpsPort}`;
    return {
      kind: 'tls',
      id,
      host: '127.0.0.1',
      port: lab.httpsPort,
      ca: keys.edge.rootPem,
      timeoutMs: 5_000,
      readFirstMs: 0,
      ...(sni === undefined ? {} : { servername: sni }),
      ...tls,
      request: { method: 'GET', path, headers: [['Host', authority]] },
    };
  }
}

interface EdgeJob extends Pick<TlsJob, 'alpn' | 'maxVersion'> {
  readonly sni?: string;
  readonly host: string;
  readonly path?: string;
}
