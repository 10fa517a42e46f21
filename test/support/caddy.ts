import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { renderCaddyfile } from '../../src/edge/caddyfile.ts';
import { waitForEdge } from '../../src/edge/wait-for-edge.ts';
import { EDGE_ADMIN_DIR, EDGE_FILES } from '../../src/edge/edge-files.ts';
import type { LabKeys } from '../../src/keys/lab-keys.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { type Running, startOnPort } from './child.ts';
import { cachedProgram } from './programs.ts';

/** Where the components behind the edge listen in a test, on 127.0.0.1. */
export interface Behind {
  readonly gatewayPort: number;
  readonly idpPort: number;
  /** The only address that it listens on; all of them when it is left out. */
  readonly only?: string;
  /** Breaks something in the Caddyfile. */
  readonly changed?: (caddyfile: string) => string;
}

/** The Caddyfile of a lab as the real Caddy understands it. */
export async function adapt(lab: Lab, directory: string): Promise<unknown> {
  const file = join(directory, 'Caddyfile');
  await writeFile(file, renderCaddyfile(lab));
  const argv = ['adapt', '--config', file, '--adapter', 'caddyfile'];
  const { stdout } = await promisify(execFile)(await cachedProgram('caddy'), argv);
  return JSON.parse(stdout);
}

/** The edge of a lab as the container runs it, but for paths and for the addresses behind it. */
export async function startEdge(
  lab: Lab,
  keys: LabKeys,
  behind: Behind,
  directory: string,
): Promise<Running> {
  const files: Readonly<Record<string, string>> = {
    [EDGE_FILES.root]: keys.edge.rootPem,
    [EDGE_FILES.intermediate]: keys.edge.intermediatePem,
    [EDGE_FILES.intermediateKey]: keys.edge.intermediateKeyPem,
    [EDGE_FILES.upstreamAnchor]: keys.mesh.rootPem,
    [EDGE_FILES.client]: keys.edgeClient.certificatePem,
    [EDGE_FILES.clientKey]: keys.edgeClient.keyPem,
    [EDGE_FILES.caddyfile]: placed((behind.changed ?? same)(renderCaddyfile(lab)), lab, behind, directory),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    await writeFile(join(directory, path), content, { mode: 0o600 });
  }
  await mkdir(join(directory, EDGE_ADMIN_DIR), { recursive: true });
  const argv = ['run', '--config', join(directory, EDGE_FILES.caddyfile), '--adapter', 'caddyfile'];
  const edge = await startOnPort(await cachedProgram('caddy'), argv, lab.httpsPort, { HOME: directory });
  try {
    // The port is open before the certificates are issued: until then every handshake ends in an alert.
    await waitForEdge(lab, keys.edge.rootPem, {
      signal: AbortSignal.timeout(30_000),
      progress: () => undefined,
    });
    return edge;
  } catch (error) {
    await edge[Symbol.asyncDispose]();
    throw error;
  }
}

function same(caddyfile: string): string {
  return caddyfile;
}

function placed(
  caddyfile: string,
  lab: Lab,
  { gatewayPort, idpPort, only }: Behind,
  directory: string,
): string {
  return caddyfile
    .replace('{\n', only === undefined ? '{\n' : `{\n\tdefault_bind ${only}\n`)
    .replaceAll('/etc/meshdev/', join(directory, '/etc/meshdev/'))
    .replace(`unix/${EDGE_ADMIN_DIR}`, `unix/${join(directory, EDGE_ADMIN_DIR)}`)
    .replace('/data/caddy', join(directory, 'data'))
    .replace(`${lab.cluster.node}:${lab.gatewayNodePort}`, `127.0.0.1:${gatewayPort}`)
    .replace(`${lab.containers.idp}:${lab.idpPort}`, `127.0.0.1:${idpPort}`);
}
