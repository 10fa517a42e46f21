import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { atMost } from '../../run/at-most.ts';
import type { Blob, OciImage } from '../oci-image.ts';
import { isFull } from '../../errors/system-error.ts';
import { byteMeter, megabytes } from '../progress-bytes.ts';
import type { RegistryClient, Wanted } from './client.ts';
import { corrupt, diskFull, PassingFault, unreachable } from './failures.ts';
import { withRetries } from './retry.ts';
import type { BlobStore, Draft } from './store.ts';

/** A blob to fetch, and the image whose registry has it. */
interface Fetch {
  readonly blob: Blob;
  readonly wanted: Wanted;
}

const AT_ONCE = 3;

/** Blobs of these images that the store lacks, each once. */
export async function missingBlobs(images: readonly OciImage[], store: BlobStore): Promise<readonly Blob[]> {
  const once = new Map(images.flatMap(({ layers }) => layers).map((blob) => [blob.digest, blob]));
  const looked = [...once.values()].map(async (blob) => ((await store.has(blob.digest)) ? [] : [blob]));
  return (await Promise.all(looked)).flat();
}

/**
 * Fetches every layer that the store lacks, a few at once; the first failure ends all of them. What came
 * whole stays for the next try, of the rest nothing does.
 * @throws MeshdevError IMAGE_CORRUPT, REGISTRY_UNREACHABLE, REGISTRY_AUTH, IMAGE_NOT_FOUND, DISK_FULL
 */
export async function pullLayers(
  images: readonly { readonly image: OciImage; readonly wanted: Wanted }[],
  { client, store }: { readonly client: RegistryClient; readonly store: BlobStore },
  run: RunScope,
): Promise<void> {
  const lacking = new Set(
    (
      await missingBlobs(
        images.map(({ image }) => image),
        store,
      )
    ).map(({ digest }) => digest),
  );
  const fetches = new Map<string, Fetch>();
  for (const { image, wanted } of images)
    for (const blob of image.layers) if (lacking.has(blob.digest)) fetches.set(blob.digest, { blob, wanted });
  const total = [...fetches.values()].reduce((sum, { blob }) => sum + blob.size, 0);
  const onBytes = byteMeter((bytes) =>
    run.progress(`pulling ${fetches.size} layers · ${megabytes(bytes)} of ${megabytes(total)}`),
  );
  const queue = [...fetches.values()].toSorted((a, b) => b.blob.size - a.blob.size);
  await atMost(AT_ONCE, queue, (fetch, scope) => fetchBlob(fetch, { client, store }, onBytes, scope), run);
}

async function fetchBlob(
  { blob, wanted }: Fetch,
  { client, store }: { readonly client: RegistryClient; readonly store: BlobStore },
  onBytes: (bytes: number) => void,
  run: RunScope,
): Promise<void> {
  const doing = `pulling ${wanted.name}, layer ${blob.digest.slice(0, 19)}`;
  const restart = async (draft: Draft): Promise<void> => {
    onBytes(-draft.size);
    await draft.restart();
  };
  try {
    await using draft = await store.draft(blob.digest);
    await withRetries(async () => {
      try {
        const { body, from } = await client.blob(wanted, blob, draft.size, run.signal);
        // Not every registry sends the rest alone.
        if (from !== draft.size) await restart(draft);
        await draft.append(body, onBytes, run.signal);
        const kept = await draft.finish();
        if (kept.digest === blob.digest) return;
        if (kept.size < blob.size)
          throw unreachable(doing, `${wanted.endpoint.host} sent ${kept.size} of ${blob.size} bytes`);
        await restart(draft);
        throw corrupt(doing, blob.digest, kept.digest);
      } catch (error) {
        throw translate(error, `${doing}${progressOf(draft, blob)}`, wanted, store.dir, run.signal);
      }
    }, run);
  } catch (error) {
    throw translate(error, doing, wanted, store.dir, run.signal);
  }
}

/** How much of it came, which the next try goes on from. Pure. */
function progressOf({ size }: Draft, blob: Blob): string {
  return size === 0 ? '' : ` (received ${size} of ${blob.size} bytes)`;
}

function translate(
  error: unknown,
  doing: string,
  { endpoint }: Wanted,
  dir: string,
  signal: AbortSignal,
): Error {
  if (signal.aborted)
    return new MeshdevError('INTERRUPTED', { message: `stopped on request while ${doing}` });
  if (error instanceof PassingFault || error instanceof MeshdevError) return error;
  if (isFull(error)) return diskFull(dir, error);
  return unreachable(doing, `the connection to ${endpoint.host} broke: ${textOf(error)}`, error);
}
