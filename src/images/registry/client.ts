import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { textOf } from '../../errors/meshdev-error.ts';
import type { Blob } from '../oci-image.ts';
import type { FindCredential } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { NOBODY, notFound, refused, unreachable, type Whose } from './failures.ts';
import type { Get } from './http.ts';
import { limited, waysAround } from './limit.ts';
import { parseJson } from '../../parse-json.ts';
import { authorize, type Proof } from './token.ts';

/** What an image is asked for with; its name is for messages. */
export interface Wanted {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly tag: string;
  /** The command that records anew what is behind the name; unset where nothing is recorded that it could change. */
  readonly relock?: string;
}

/** The registry's side of pulling: manifests and blobs, with whatever proof of identity it wants. */
export interface RegistryClient {
  /** @param by a tag or a digest */
  manifest(wanted: Wanted, by: string, signal: AbortSignal): Promise<{ body: Buffer; mediaType: string }>;
  /** @param from the byte to begin with; what comes may begin with the first one all the same */
  blob(wanted: Wanted, blob: Pick<Blob, 'digest' | 'size'>, from: number, signal: AbortSignal): Promise<Part>;
}

/** A blob, or the rest of it from a byte on. */
export interface Part {
  readonly body: IncomingMessage;
  readonly from: number;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const MANIFEST_LIMIT = 4_000_000;

export function createRegistryClient(get: Get, credentials: FindCredential): RegistryClient {
  const proofs = new Map<string, Promise<Proof>>();
  const ask = async (
    wanted: Wanted,
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer> => {
    const { endpoint, name } = wanted;
    const doing = `pulling ${name}`;
    const url = new URL(`${endpoint.base}/v2/${endpoint.repository}/${path}`);
    const key = `${endpoint.base} ${endpoint.repository}`;
    const send = async (): Promise<IncomingMessage> => {
      const header = (await proofs.get(key))?.header;
      return get(url, {
        doing,
        headers: header === undefined ? headers : { ...headers, Authorization: header },
        signal,
      });
    };
    let message = await send();
    if (message.statusCode === 401) {
      message.resume();
      const proof = authorize(message, { get, credentials, endpoint, doing, signal });
      proof.catch(() => proofs.delete(key));
      proofs.set(key, proof);
      message = await send();
    }
    return { message, wanted, path, doing, whose: (await proofs.get(key))?.whose ?? NOBODY };
  };
  return {
    manifest: async (wanted, by, signal) => {
      const answer = await accept(await ask(wanted, `manifests/${by}`, { Accept: MANIFEST_TYPES }, signal));
      return { body: await bodyOf(answer, wanted), mediaType: answer.headers['content-type'] ?? '' };
    },
    blob: async (wanted, { digest, size }, from, signal) => {
      const whole = () => ask(wanted, `blobs/${digest}`, {}, signal);
      if (from === 0) return { body: await accept(await whole()), from };
      const rest = await ask(wanted, `blobs/${digest}`, { Range: `bytes=${from}-${size - 1}` }, signal);
      if (rest.message.statusCode === 206) return { body: rest.message, from: startOf(rest.message) };
      if (rest.message.statusCode !== 416) return { body: await accept(rest), from: 0 };
      rest.message.resume();
      return { body: await accept(await whole()), from: 0 };
    },
  };
}

/** The first byte that a partial answer holds: `bytes 100-199/200`. Pure. */
function startOf({ headers }: IncomingMessage): number {
  return Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? 0);
}

async function bodyOf(answer: IncomingMessage, { name, endpoint }: Wanted): Promise<Buffer> {
  const doing = `pulling ${name}`;
  if (Number(answer.headers['content-length'] ?? 0) > MANIFEST_LIMIT)
    throw unreachable(doing, `${endpoint.host} sent a manifest larger than ${MANIFEST_LIMIT} bytes`);
  try {
    return await buffer(answer);
  } catch (cause) {
    throw unreachable(doing, `${endpoint.host} closed the connection: ${textOf(cause)}`, cause);
  }
}

const Refusal = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().optional() })).min(1),
});

interface Answer {
  readonly message: IncomingMessage;
  readonly wanted: Wanted;
  /** Below the repository: `manifests/<tag>`. */
  readonly path: string;
  readonly doing: string;
  readonly whose: Whose;
}

async function accept({ message, wanted, path, doing, whose }: Answer): Promise<IncomingMessage> {
  const { endpoint } = wanted;
  const status = message.statusCode ?? 0;
  if (status === 200) return message;
  const said = await saidBy(message);
  if (status === 429)
    throw limited(doing, {
      endpoint,
      headers: message.headers,
      said,
      ways: waysAround(endpoint, whose.known),
    });
  if (status === 401 || status === 403) throw refused(doing, { status, endpoint, whose, said });
  if (status === 404)
    throw notFound(doing, { ...wanted, by: path.slice(path.indexOf('/') + 1), relock: wanted.relock });
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
