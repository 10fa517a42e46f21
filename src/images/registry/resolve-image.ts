import { createHash } from 'node:crypto';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { OciImage } from '../oci-image.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { RegistryClient, Wanted } from './client.ts';
import { changed, corrupt, RELOCK, unreachable, wrongPlatform } from './failures.ts';
import { parseConfig, parseDocument, type Document } from './manifest.ts';
import { withRetries } from './retry.ts';
import type { BlobStore } from './store.ts';

/** An image as it is pinned: by this project, or by the lock file. */
export interface Pinned extends Wanted {
  readonly digest: string | undefined;
  /** Who says so, for messages: this version of meshdev, or the path of a lock file. */
  readonly by: string;
}

/** What the pin leads to on one platform, and the digest that is to be recorded. */
export interface Resolved {
  readonly image: OciImage;
  readonly top: string;
}

/**
 * From a name to the manifest of one platform; small documents only, which the store keeps. What the
 * store has is not asked for again, so that a lab whose images are there needs no network.
 * @param platform `linux/amd64`
 * @throws MeshdevError IMAGE_CHANGED when a mirror has another one than the pin says
 */
export async function resolveImage(
  pinned: Pinned,
  platform: string,
  { client, store }: { readonly client: RegistryClient; readonly store: BlobStore },
  run: RunScope,
): Promise<Resolved> {
  const kept =
    pinned.digest === undefined ? undefined : await fromStore(pinned.name, pinned.digest, platform, store);
  if (kept !== undefined && pinned.digest !== undefined) return { image: kept, top: pinned.digest };
  const fetch = (by: string): Promise<Fetched> =>
    withRetries(() => fetchDocument(client, pinned, by, run.signal), run);
  const top = await fetchTop(pinned, fetch);
  const document = understood(pinned, top.body);
  const own = document.kind === 'manifest' ? top : await fetch(entryFor(pinned, document, platform));
  const config = await fetchConfig(client, pinned, understood(pinned, own.body), run);
  if (config.platform !== platform) throw wrongPlatform(pinned.name, platform, [config.platform]);
  for (const body of [top.body, own.body, config.body]) await store.put(body);
  const image = await fromStore(pinned.name, top.digest, platform, store);
  if (image === undefined)
    throw unreachable(`pulling ${pinned.name}`, 'its manifest refers to an image that does not exist')
      .settled;
  return { image, top: top.digest };
}

interface Fetched {
  readonly digest: string;
  readonly body: Buffer;
}

/**
 * By digest: projects move tags, and rebuild images under the same tag. By tag where nothing is recorded yet,
 * and where a mirror keeps no digest of it, as one does that was filled with `docker push`.
 */
async function fetchTop(pinned: Pinned, fetch: (by: string) => Promise<Fetched>): Promise<Fetched> {
  const { digest, tag, name, by, relock = RELOCK } = pinned;
  if (digest === undefined) return fetch(tag);
  try {
    return await fetch(digest);
  } catch (error) {
    if (!pinned.endpoint.mirrored || !isNotFound(error)) throw error;
  }
  const tagged = await fetch(tag);
  if (tagged.digest === digest) return tagged;
  throw changed(name, { recorded: digest, seen: tagged.digest, by, relock });
}

function isNotFound(error: unknown): boolean {
  return error instanceof MeshdevError && error.code === 'IMAGE_NOT_FOUND';
}

async function fetchDocument(
  client: RegistryClient,
  wanted: Wanted,
  by: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const { body } = await client.manifest(wanted, by, signal);
  const digest = manifestDigest(body);
  if (by.startsWith('sha256:') && digest !== by) throw corrupt(`pulling ${wanted.name}`, by, digest);
  return { digest, body };
}

function understood({ name, endpoint }: Wanted, body: Buffer): Document {
  const document = parseDocument(body.toString('utf8'));
  if (document !== undefined) return document;
  throw unreachable(`pulling ${name}`, `${endpoint.host} sent a document that is not a manifest`).settled;
}

function entryFor({ name }: Wanted, document: Document, platform: string): string {
  const entries = document.kind === 'index' ? document.entries : [];
  const fitting = entries.find((entry) => entry.platform === platform);
  if (fitting !== undefined) return fitting.digest;
  throw wrongPlatform(
    name,
    platform,
    entries.flatMap((entry) => entry.platform ?? []),
  );
}

/** An index may claim what it likes: the image's own configuration says what it runs on. */
async function fetchConfig(
  client: RegistryClient,
  wanted: Wanted,
  document: Document,
  run: RunScope,
): Promise<{ readonly platform: string; readonly body: Buffer }> {
  const doing = `pulling ${wanted.name}`;
  if (document.kind === 'index') throw unreachable(doing, 'an index refers to another index').settled;
  const { config: blob } = document;
  const body = await withRetries(async () => {
    const got = await readAll((await client.blob(wanted, blob, 0, run.signal)).body, doing);
    if (manifestDigest(got) !== blob.digest) throw corrupt(doing, blob.digest, manifestDigest(got));
    return got;
  }, run);
  const config = parseConfig(body.toString('utf8'));
  if (config === undefined) throw unreachable(doing, 'its configuration cannot be parsed').settled;
  return { platform: config.platform, body };
}

async function readAll(source: AsyncIterable<Buffer>, doing: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of source) chunks.push(chunk);
  } catch (cause) {
    throw unreachable(doing, `the connection broke: ${String(cause)}`, cause);
  }
  return Buffer.concat(chunks);
}

/** The image behind a digest, when all its documents are in the store and fit the platform. */
export async function fromStore(
  name: string,
  top: string,
  platform: string,
  store: BlobStore,
): Promise<OciImage | undefined> {
  const read = async (digest: string): Promise<{ text: string; size: number } | undefined> => {
    const body = await store.read(digest);
    return body === undefined || manifestDigest(body) !== digest
      ? undefined
      : { text: body.toString('utf8'), size: body.length };
  };
  const first = await read(top);
  const document = first === undefined ? undefined : parseDocument(first.text);
  const digest =
    document?.kind === 'index' ? document.entries.find((entry) => entry.platform === platform)?.digest : top;
  const own = digest === undefined ? undefined : await read(digest);
  const manifest = own === undefined ? undefined : parseDocument(own.text);
  if (manifest?.kind !== 'manifest' || digest === undefined || own === undefined) return undefined;
  const config = await read(manifest.config.digest);
  if (config === undefined || parseConfig(config.text)?.platform !== platform) return undefined;
  const mediaType = mediaTypeOf(own.text);
  return {
    name,
    manifest: { mediaType, digest, size: own.size },
    config: manifest.config,
    layers: manifest.layers,
  };
}

function mediaTypeOf(text: string): string {
  return (
    /"mediaType"\s*:\s*"(application\/vnd\.docker\.distribution\.manifest\.v2\+json)"/.exec(text)?.[1] ??
    'application/vnd.oci.image.manifest.v1+json'
  );
}

function manifestDigest(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}
