import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { textOf } from '../../errors/meshdev-error.ts';
import type { FindCredential } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { notFound, refused, unreachable } from './failures.ts';
import type { Get } from './http.ts';
import { parseJson } from '../../parse-json.ts';
import { asWhom, authorize } from './token.ts';

/** What an image is asked for with; its name is for messages. */
export interface Wanted {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly tag: string;
}

/** The registry's side of pulling: manifests and blobs, with whatever proof of identity it wants. */
export interface RegistryClient {
  /** @param by a tag or a digest */
  manifest(wanted: Wanted, by: string, signal: AbortSignal): Promise<{ body: Buffer; mediaType: string }>;
  blob(wanted: Wanted, digest: string, signal: AbortSignal): Promise<IncomingMessage>;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const MANIFEST_LIMIT = 4_000_000;

export function createRegistryClient(get: Get, credentials: FindCredential): RegistryClient {
  const tokens = new Map<string, Promise<string | undefined>>();
  const ask = async (
    wanted: Wanted,
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> => {
    const { endpoint, name } = wanted;
    const doing = `pulling ${name}`;
    const url = new URL(`${endpoint.base}/v2/${endpoint.repository}/${path}`);
    const key = `${endpoint.base} ${endpoint.repository}`;
    const send = async (): Promise<IncomingMessage> => {
      const proof = await tokens.get(key);
      return get(url, {
        doing,
        headers: proof === undefined ? headers : { ...headers, Authorization: proof },
        signal,
      });
    };
    let answer = await send();
    if (answer.statusCode === 401) {
      answer.resume();
      const proof = authorize(answer, { get, credentials, endpoint, doing, signal });
      proof.catch(() => tokens.delete(key));
      tokens.set(key, proof);
      answer = await send();
    }
    return accept(answer, wanted, doing, (await tokens.get(key)) !== undefined);
  };
  return {
    manifest: async (wanted, by, signal) => {
      const answer = await ask(wanted, `manifests/${by}`, { Accept: MANIFEST_TYPES }, signal);
      return { body: await bodyOf(answer, wanted), mediaType: answer.headers['content-type'] ?? '' };
    },
    blob: (wanted, digest, signal) => ask(wanted, `blobs/${digest}`, {}, signal),
  };
}

async function bodyOf(answer: IncomingMessage, { name, endpoint }: Wanted): Promise<Buffer> {
  const doing = `pulling ${name}`;
  if (Number(answer.headers['content-length'] ?? 0) > MANIFEST_LIMIT)
    throw unreachable(doing, `${endpoint.host} sends a manifest of more than ${MANIFEST_LIMIT} bytes`);
  try {
    return await buffer(answer);
  } catch (cause) {
    throw unreachable(doing, `${endpoint.host} broke off: ${textOf(cause)}`, cause);
  }
}

const Refusal = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().optional() })).min(1),
});

async function accept(
  answer: IncomingMessage,
  { name, endpoint, tag }: Wanted,
  doing: string,
  known: boolean,
): Promise<IncomingMessage> {
  const status = answer.statusCode ?? 0;
  if (status === 200) return answer;
  const said = await saidBy(answer);
  if (status === 401 || status === 403) throw refused(doing, status, endpoint, `${asWhom(known)}${said}`);
  if (status === 404) throw notFound(doing, name, endpoint, tag);
  throw unreachable(doing, `${endpoint.host} answered ${status}${said}`);
}

async function saidBy(answer: IncomingMessage): Promise<string> {
  try {
    const text = (await buffer(answer)).toString('utf8').slice(0, 4_000);
    const first = Refusal.safeParse(parseJson(text)).data?.errors[0];
    return first === undefined ? '' : ` (${first.message ?? first.code})`;
  } catch {
    return '';
  }
}
