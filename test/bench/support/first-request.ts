import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import type { LabContext } from '../../../src/lab/lab-context.ts';
import { login } from '../../../src/idp/client/login.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import { run } from './run.ts';

const PATIENCE_MS = 120_000;

type Curl = (host: string, url: string, headers: readonly string[]) => Promise<string>;

/** curl that trusts nothing but the edge root; answers with the status, whatever it is. */
function curlOf(lab: Lab, rootFile: string, signal: AbortSignal): Curl {
  const quietly = ['--silent', '--show-error', '--max-time', '8', '--output', '/dev/null'];
  quietly.push('--write-out', '%{http_code}', '--config', '-');
  return (host, url, headers) =>
    run('curl', [...quietly, '--cacert', rootFile, '--resolve', `${host}:${lab.httpsPort}:127.0.0.1`, url], {
      // On stdin: a token is no argument.
      stdin: headers.map((header) => `header = "${header}"\n`).join(''),
      signal,
    });
}

/** The provider answers through the edge, its certificate verified. */
export async function waitForIssuer({ lab, files }: LabContext, signal: AbortSignal): Promise<void> {
  const curl = curlOf(lab, files.edgeRoot, signal);
  const url = `${lab.issuer}/.well-known/openid-configuration`;
  await untilOk(() => curl(lab.hosts.auth, url, []), url, signal);
}

/** One request of alice passes the whole chain: edge, gateway, sidecar, application. */
export async function firstRequest(
  { lab, files }: LabContext,
  keys: LabKeys,
  signal: AbortSignal,
): Promise<void> {
  const curl = curlOf(lab, files.edgeRoot, signal);
  const url = `${lab.audience}/headers`;
  const { accessToken } = await login(
    { lab, edgeRootPem: keys.edge.rootPem, signal },
    { user: 'alice', password: keys.idp.passwords['alice'] ?? '' },
  );
  await untilOk(() => curl(lab.hosts.httpbin, url, [`Authorization: Bearer ${accessToken}`]), url, signal);
}

async function untilOk(ask: () => Promise<string>, url: string, signal: AbortSignal): Promise<void> {
  await waitUntil(
    async () => {
      const status = await ask();
      return status === '200' ? { done: true } : { seen: `HTTP ${status}` };
    },
    { what: `${url} to answer 200`, timeoutMs: PATIENCE_MS, intervalMs: 400, signal },
  );
}
