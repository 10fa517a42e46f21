import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { type Certificate, parseCertificate, parseCertificates } from '../../../src/trust/certificate.ts';
import { judgeChain } from '../../../src/trust/judge-chain.ts';
import { judgeNames } from '../../../src/trust/judge-names.ts';
import { freePort, type Running, startOnPort } from '../../support/child.ts';
import { freshKeys } from '../../support/lab-keys.ts';
import { cachedProgram } from '../../support/programs.ts';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';

const run = promisify(execFile);
const lab = createLab(DEFAULT_CHOICE);
const OUTSIDE = 'outside.test';

/** The edge's authority as the lab configures it: a root without its key. */
function caddyfile(dir: string, port: number): string {
  return `{
	admin off
	persist_config off
	storage file_system ${dir}/data
	skip_install_trust
	auto_https disable_redirects
	pki {
		ca edge {
			root {
				cert ${dir}/root.crt
			}
			intermediate {
				cert ${dir}/intermediate.crt
				key ${dir}/intermediate.key
			}
		}
	}
}
https://${lab.hosts.httpbin}:${port}, https://${OUTSIDE}:${port} {
	tls {
		issuer internal {
			ca edge
		}
	}
	respond "edge" 200
}
`;
}

describe("Caddy with the edge's intermediate", () => {
  let dir = '';
  let caddy: Running;
  let keys: LabKeys;
  let port = 0;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-caddy-'));
    keys = await freshKeys(lab);
    port = await freePort();
    await writeFile(join(dir, 'root.crt'), keys.edge.rootPem);
    await writeFile(join(dir, 'intermediate.crt'), keys.edge.intermediatePem);
    await writeFile(join(dir, 'intermediate.key'), keys.edge.intermediateKeyPem);
    await writeFile(join(dir, 'Caddyfile'), caddyfile(dir, port));
    const argv = ['run', '--config', join(dir, 'Caddyfile'), '--adapter', 'caddyfile'];
    caddy = await startOnPort(await cachedProgram('caddy'), argv, port, { HOME: dir });
    // The port is open before the certificates are issued: until then every handshake ends in an alert.
    await waitUntil(
      async () => {
        const job = {
          kind: 'tls',
          id: 'edge',
          host: '127.0.0.1',
          port,
          servername: lab.hosts.httpbin,
        } as const;
        const [result] = await runJobs(
          [{ ...job, readFirstMs: 0, timeoutMs: 1_000 }],
          AbortSignal.timeout(5_000),
        );
        const served = result?.kind === 'tls' && result.peerChain.length > 0;
        return served ? { done: true } : { seen: 'no certificate yet' };
      },
      { what: 'Caddy to issue its certificates', timeoutMs: 20_000, signal: AbortSignal.timeout(30_000) },
    );
  });

  afterAll(async () => {
    await caddy[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  /** The certificates as sent, by way of OpenSSL: Node shows a walk, not the list. */
  async function presented(servername: string): Promise<readonly Certificate[]> {
    const argv = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', servername, '-showcerts'];
    const child = run('openssl', argv);
    child.child.stdin?.end();
    return parseCertificates((await child).stdout);
  }

  const judge = async (servername: string) => {
    const list = await presented(servername);
    const anchors = [parseCertificate(keys.edge.rootPem)];
    const chain = judgeChain({ presented: list, anchors, at: Date.now(), purpose: 'serverAuth' }).findings;
    return { list, codes: chain.map((finding) => finding.code) };
  };

  it('serves a chain that we find nothing wrong with', async () => {
    const { list, codes } = await judge(lab.hosts.httpbin);
    expect(codes).toEqual([]);
    expect(list.map(({ facts }) => facts.subject)).toEqual(['', 'CN=meshdev edge demo, O=meshdev']);
    expect(list[0] && judgeNames(list[0], lab.hosts.httpbin)).toEqual([]);
    expect(list[1]?.facts.nameConstraints?.critical).toBe(true);
  });

  it('is trusted by Node with the exported root alone', async () => {
    const socket = connect({ host: '127.0.0.1', port, servername: lab.hosts.httpbin, ca: keys.edge.rootPem });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it('cannot lend trust to a name outside the zone', async () => {
    expect(new Set((await judge(OUTSIDE)).codes)).toEqual(new Set(['CERT_NAME_CONSTRAINT']));
    const socket = connect({ host: '127.0.0.1', port, servername: OUTSIDE, ca: keys.edge.rootPem });
    const [error] = await once(socket, 'error').catch((thrown: unknown) => [thrown]);
    // Node has no code of its own for it.
    expect(String(error)).toContain('permitted subtree violation');
    socket.destroy();
  });
});
