import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ownAnswerCases } from '../../../src/checks/own-answers.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import { sessionsOf } from '../../../src/probe/edge/edge-sessions.ts';
import { firstBytes, ownJob } from '../../../src/probe/edge/own-answers.ts';
import { newAgent } from '../../../src/probe/requests/to-traced-request.ts';
import { wireOf } from '../../../src/probe/requests/wire.ts';
import type { EdgeAccess } from '../../../src/edge/edge-request.ts';
import { OWN_ANSWERS } from '../../../src/cases/own-answers/own-answers.ts';
import { parseEdgeLog } from '../../../src/records/edge-record.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { startEdge } from '../../support/caddy.ts';
import { freePort, type Running } from '../../support/child.ts';
import { freshKeys } from '../../support/lab-keys.ts';
import { type StandIn, startStandIn } from '../../support/stand-in-gateway.ts';

const { signal } = new AbortController();

interface Started {
  readonly access: EdgeAccess;
  readonly edge: Running;
  readonly gateway: StandIn;
}

/** A real edge, as it is rendered or with something broken in it. */
async function withEdge(
  changed: (caddyfile: string) => string,
  use: (started: Started) => Promise<void>,
  strictPaths = false,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'meshdev-own-'));
  const lab = createLab({ ...DEFAULT_CHOICE, httpsPort: await freePort(), strictPaths });
  const keys = await freshKeys(lab);
  await using gateway = await startStandIn(keys);
  const behind = { gatewayPort: gateway.port, idpPort: await freePort(), changed };
  try {
    await using edge = await startEdge(lab, keys, behind, directory);
    await use({ access: { lab, edgeRootPem: keys.edge.rootPem, signal }, edge, gateway });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The verdicts of MD-EDGE-017 that are not green, by case. */
async function redsOf({ access, edge, gateway }: Started): Promise<Readonly<Record<string, string>>> {
  const { lab } = access;
  const sent = OWN_ANSWERS.filter(({ strictOnly }) => strictOnly !== true || lab.strictPaths).map((each) => ({
    each,
    agent: newAgent(),
  }));
  const results = await runJobs(
    sent.map(({ each, agent }) => ownJob(access, each, agent)),
    signal,
  );
  const marker = newAgent();
  const honest = {
    method: 'GET',
    path: '/',
    headers: [
      ['Host', lab.hosts.httpbin],
      ['User-Agent', marker],
    ],
  } as const;
  const job = ownJob(
    access,
    { id: 'marker', why: '', send: { kind: 'handshake', tls: {} }, answer: { kind: 'closed' }, record: true },
    marker,
  );
  await runJobs([job.kind === 'tls' ? { ...job, request: honest } : job], signal);
  const records = await waitUntil(
    async () => {
      const all = parseEdgeLog(edge.output());
      return all.some(({ userAgent }) => userAgent === marker) ? { done: all } : { seen: 'no marker' };
    },
    { what: 'the record of a later request', timeoutMs: 10_000, intervalMs: 20, signal },
  );
  const walks = sent.map(({ each, agent }) => ({
    case: each,
    wire: wireOf(results, each.id),
    first: firstBytes(results, each.id),
    edge: records.find(({ userAgent }) => userAgent === agent),
    isBehind: gateway.seen.some(({ headers }) => headers['user-agent'] === agent),
  }));
  const reds = ownAnswerCases(walks, lab).flatMap(([id, verdict]) =>
    verdict.kind === 'fail' || verdict.kind === 'unknown'
      ? [[id, `${verdict.kind} ${verdict.code}`] as const]
      : [],
  );
  return Object.fromEntries(reds);
}

const untouched = (caddyfile: string): string => caddyfile;

describe('what the real edge answers by itself', () => {
  it.each([false, true])('is what the list says (strict paths: %s)', async (strictPaths) => {
    await withEdge(
      untouched,
      async (started) => {
        expect(await redsOf(started)).toEqual({});
      },
      strictPaths,
    );
  });

  it('is blamed on the gateway without our rule for malformed bodies', async () => {
    const changed = (caddyfile: string): string => caddyfile.replaceAll(/^\s*respond @malformed .*$/gm, '');
    await withEdge(changed, async (started) => {
      expect(await redsOf(started)).toEqual({
        'chunk-malformed': 'fail EDGE_ANSWERS_OTHERWISE',
        'length-too-long': 'fail EDGE_ANSWERS_OTHERWISE',
      });
    });
  });

  it('goes unrecorded without the id in the catch-all', async () => {
    const changed = (caddyfile: string): string =>
      caddyfile.replace(/(respond "421 Misdirected Request" 421\n\thandle_errors \{\n)/, '$1\t\tlog_skip\n');
    await withEdge(changed, async (started) => {
      expect(await redsOf(started)).toEqual({
        'connect-elsewhere': 'fail EDGE_UNRECORDED',
        'host-unknown': 'fail EDGE_UNRECORDED',
        'http-1.0': 'fail EDGE_UNRECORDED',
      });
    });
  });
});

describe('a TLS session', () => {
  /** By OpenSSL, which offers a session to whomever it is told to. */
  async function resumed({ lab }: EdgeAccess): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'meshdev-session-'));
    const file = join(directory, 'session');
    const shake = async (host: string, option: string): Promise<string> => {
      const server = ['s_client', '-connect', `127.0.0.1:${lab.httpsPort}`, '-servername', host];
      const client = promisify(execFile)('openssl', [...server, '-ign_eof', option, file]);
      client.child.stdin?.end(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      return (await client).stdout;
    };
    try {
      await shake(lab.hosts.auth, '-sess_out');
      const said = await shake(lab.hosts.httpbin, '-sess_in').catch(() => 'no session was given');
      return /^(?:New|Reused)(?=, TLS)|^no session.*/m.exec(said)?.[0] ?? said;
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  it('is given by no site', async () => {
    await withEdge(untouched, async ({ access }) => {
      const none = access.lab.hosts;
      expect(await sessionsOf(access)).toEqual(
        [none.auth, none.httpbin].map((host) => ({ host, given: false, error: undefined })),
      );
      expect(await resumed(access)).toBe('no session was given');
    });
  });

  it('is given with Caddy’s own settings, and one of a site is good for the other', async () => {
    const changed = (caddyfile: string): string => caddyfile.replace(/^\t\tclient_auth \{\n\t\t\}\n/m, '');
    await withEdge(changed, async ({ access }) => {
      for (const one of await sessionsOf(access)) expect(one).toMatchObject({ given: true });
      expect(await resumed(access)).toBe('Reused');
    });
  });
});
