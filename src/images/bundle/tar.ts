import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { writeAll } from './streams.ts';

/** One file of an archive; `bytes` is known before its content is read. */
export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array> | Uint8Array;
  /** Permissions; 0644 unless said. */
  readonly mode?: number;
  /** What is no file; `bytes` is 0 then. */
  readonly kind?: 'directory' | { readonly linkTo: string };
}

/** A tar archive as a stream: owners 0, time 0, the order given, so that equal files give equal bytes. */
export async function* archiveOf(entries: Iterable<ArchiveEntry>): AsyncGenerator<Buffer> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  const fill = async (): Promise<void> => {
    for (const entry of entries) {
      const { content } = entry;
      const written = Promise.withResolvers<void>();
      // Handled here too: it may fail before anybody waits for it.
      written.promise.catch(() => undefined);
      const header = headerOf(entry);
      const sink = archive.entry(header, (error) =>
        error == null ? written.resolve(undefined) : written.reject(error),
      );
      // Content that fails destroys the archive and the sink with it; the failure is thrown below, once.
      sink.on('error', () => undefined);
      const chunks = content instanceof Uint8Array ? [content] : content;
      await writeAll(sink, chunks);
      sink.end(undefined);
      await written.promise;
    }
    archive.finalize();
  };
  const filled = fill().catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  filled.catch(() => undefined);
  try {
    for await (const chunk of archive) yield bytesOf(chunk);
    await filled;
  } catch (error) {
    // The archive only says that it ended early; why is with whoever filled it.
    await filled;
    throw error;
  } finally {
    // A reader that stops early ends the writer too, which closes its file: a disk can be taken away then.
    archive.destroy();
    await filled.catch(() => undefined);
  }
}

function headerOf({ name, bytes, mode = 0o644, kind }: ArchiveEntry) {
  const header = { name, size: bytes, mode, mtime: new Date(0), uid: 0, gid: 0 };
  if (kind === undefined) return header;
  if (kind === 'directory') return { ...header, type: 'directory' as const };
  return { ...header, type: 'symlink' as const, linkname: kind.linkTo };
}

function bytesOf(chunk: unknown): Buffer {
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError('an archive is made of bytes');
}

/** One entry of an archive that is read. */
export interface ReadEntry {
  readonly name: string;
  readonly kind: 'file' | 'link' | 'other';
  /** Of a link: the name in the archive that it leads to. */
  readonly target: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The entries of a tar archive in their order; content that is not read is passed over. */
export async function* entriesIn(archive: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEntry> {
  const { extract } = await import('tar-stream');
  const reader = extract();
  const source = Readable.from(archive);
  source.on('error', (error) => reader.destroy(error));
  source.pipe(reader);
  try {
    for await (const entry of reader) {
      const { name, type, linkname } = entry.header;
      const kind = type === 'file' ? 'file' : type === 'symlink' || type === 'link' ? 'link' : 'other';
      yield { name, kind, target: targetOf(name, type, linkname ?? ''), content: bytesIn(entry) };
      entry.resume();
    }
  } finally {
    source.destroy();
  }
}

/** A symbolic link is relative to its own directory, a hard link to the archive. */
function targetOf(name: string, type: unknown, to: string): string {
  return type === 'symlink' ? posix.join(posix.dirname(name), to) : to;
}

async function* bytesIn(content: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of content) yield bytesOf(chunk);
}
