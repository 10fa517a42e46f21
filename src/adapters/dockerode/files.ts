import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ContainerFile } from '../../ports/container-engine.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { EngineClient } from './client.ts';
import { collect } from './stream.ts';

/** Puts files into a container as one archive, unpacked at its root. */
export async function putFiles(
  client: EngineClient,
  id: string,
  files: readonly ContainerFile[],
  signal: AbortSignal,
): Promise<void> {
  const archive = await packFiles(files);
  const what = files.length === 1 ? (files[0]?.path ?? '') : `${files.length} files`;
  await client.call({ doing: `copying ${what} to container ${id}`, signal }, async (docker, abortSignal) => {
    await docker
      .getContainer(id)
      .putArchive(archive, { path: '/', noOverwriteDirNonDir: 'true', abortSignal });
  });
}

/** The archive of {@link putFiles}: one entry a file, in the order given. */
async function packFiles(files: readonly ContainerFile[]): Promise<Buffer> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const file of files) {
    const name = posix.normalize(file.path).replace(/^\/+/, '');
    const header = { name, mode: file.mode, uid: file.uid ?? 0, gid: file.gid ?? 0, mtime: new Date() };
    if (file.content === undefined) archive.entry({ ...header, type: 'directory' });
    else archive.entry({ ...header, type: 'file' }, Buffer.from(file.content));
  }
  archive.finalize();
  return buffer(archive);
}

/** @throws MeshdevError ENGINE_CALL_FAILED when the path is a directory or a link. */
export async function readFileFrom(
  client: EngineClient,
  id: string,
  path: string,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const doing = `reading ${path} in container ${id}`;
  const archive = await client.call({ doing, fine: [404], signal }, async (docker, abortSignal) =>
    collect(await docker.getContainer(id).getArchive({ path, abortSignal }), abortSignal),
  );
  return archive === undefined ? undefined : onlyFile(archive, doing);
}

async function onlyFile(archive: Buffer, doing: string): Promise<Buffer> {
  const { extract } = await import('tar-stream');
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    if (entry.header.type !== 'file')
      throw new MeshdevError('ENGINE_CALL_FAILED', {
        message: `${doing} · it is a ${entry.header.type ?? 'thing'}, not a file`,
      });
    return buffer(entry);
  }
  throw new MeshdevError('ENGINE_CALL_FAILED', { message: `${doing} · the engine sent an empty archive` });
}
