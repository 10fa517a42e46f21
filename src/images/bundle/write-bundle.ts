import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { blobName, MANIFEST_NAME } from './layout.ts';
import { type BundleManifest, manifestText } from './manifest.ts';
import { unwritable } from './problems.ts';
import { readFrom } from './streams.ts';
import { type ArchiveEntry, archiveOf } from './tar.ts';

/**
 * Writes a bundle beside its place, then renames it: a file of that name is whole or not there.
 * @param blobs compressed content by digest, as files
 * @returns the digest of the file, as `sha256sum` prints it, and its length
 * @throws MeshdevError DISK_FULL, BUNDLE_NOT_WRITABLE, INTERRUPTED
 */
export async function writeBundle(
  path: string,
  manifest: BundleManifest,
  blobs: ReadonlyMap<string, string>,
  run: RunScope,
): Promise<{ readonly digest: string; readonly bytes: number }> {
  const draft = `${path}.${pid}.partial`;
  try {
    const made = await writeDraft(draft, entriesOf(manifest, blobs), run);
    await rename(draft, path);
    await syncDirectory(dirname(path));
    return made;
  } catch (error) {
    await rm(draft, { force: true });
    throw unwritable(path, error);
  }
}

function* entriesOf(manifest: BundleManifest, blobs: ReadonlyMap<string, string>): Generator<ArchiveEntry> {
  const text = Buffer.from(manifestText(manifest));
  yield { name: MANIFEST_NAME, bytes: text.length, content: text };
  for (const { digest, stored } of manifest.blobs) {
    yield { name: blobName(digest), bytes: stored, content: readFrom(blobs.get(digest) ?? '') };
  }
}

async function writeDraft(
  draft: string,
  entries: Iterable<ArchiveEntry>,
  { signal, progress }: RunScope,
): Promise<{ readonly digest: string; readonly bytes: number }> {
  await using file = await open(draft, 'w');
  const hash = createHash('sha256');
  let bytes = 0;
  const write = async (chunk: Buffer): Promise<void> => {
    hash.update(chunk);
    bytes += chunk.length;
    await file.writeFile(chunk);
  };
  for await (const chunk of archiveOf(entries)) {
    if (signal.aborted)
      throw new MeshdevError('INTERRUPTED', { message: `stopped on request while writing ${draft}` });
    await write(chunk);
    progress(`writing the bundle · ${Math.round(bytes / 1e6)} MB`);
  }
  await write(Buffer.from(`sha256:${hash.copy().digest('hex')}\n`));
  await file.sync();
  return { digest: hash.digest('hex'), bytes };
}

/** A rename that is not on the disk yet may be lost with the power, and then no file is there at all. */
async function syncDirectory(dir: string): Promise<void> {
  await using handle = await open(dir, 'r');
  await handle.sync();
}
