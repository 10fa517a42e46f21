import { readFile } from 'node:fs/promises';
import { request as overHttp } from 'node:http';
import { request as overHttps, type RequestOptions } from 'node:https';
import { z } from 'zod';
import { textOf } from '../errors/meshdev-error.ts';
import { readJsonAnswer } from '../read-answer.ts';
import { dockerHostOf } from './endpoint.ts';
import type { EngineEndpoint } from '../ports/engine-endpoint.ts';
import { patientTimeout } from '../run/patience.ts';

/** Answer to "is an engine there": kept small, so that no client library has to be loaded for it. */
export type Ping =
  | { readonly kind: 'answers'; readonly version: string }
  /** `code` is the errno name (ENOENT, ECONNREFUSED, EACCES …) where there is one. */
  | { readonly kind: 'silent'; readonly code: string; readonly seen: string };

const Version = z.object({ Version: z.string() });
const PATIENCE_MS = 3_000;

/** Asks the engine for its version. Never throws: silence is an answer. */
export async function pingEngine(endpoint: EngineEndpoint, signal: AbortSignal): Promise<Ping> {
  try {
    const body = await get(endpoint, AbortSignal.any([signal, patientTimeout(PATIENCE_MS)]));
    const { Version: version } = readJsonAnswer(Version, body, 'reading /version');
    return { kind: 'answers', version };
  } catch (error) {
    return { kind: 'silent', code: errnoOf(error), seen: `${dockerHostOf(endpoint)}: ${textOf(error)}` };
  }
}

async function get(endpoint: EngineEndpoint, signal: AbortSignal): Promise<string> {
  const target = await targetOf(endpoint);
  const request = 'ca' in target ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const call = request({ ...target, path: '/version', agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}

async function targetOf(endpoint: EngineEndpoint): Promise<RequestOptions> {
  if (endpoint.kind === 'socket') return { socketPath: endpoint.path };
  const { host, port, tls } = endpoint;
  if (tls === undefined) return { host, port };
  const [ca, cert, key] = await Promise.all(
    [tls.caFile, tls.certFile, tls.keyFile].map((path) => readFile(path)),
  );
  return { host, port, ca, cert, key };
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}
