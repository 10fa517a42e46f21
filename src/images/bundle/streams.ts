import { open } from 'node:fs/promises';

type Ending = 'drain' | 'close' | 'error';

/** What the writers of archives and those of Node.js have in common. */
interface Sink {
  readonly destroyed: boolean;
  write(chunk: Uint8Array): boolean;
  on(event: Ending, listener: () => void): unknown;
  off(event: Ending, listener: () => void): unknown;
}

/** Writes all of it, as fast as the stream takes it. @throws when the stream is gone */
export async function writeAll(
  stream: Sink,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of content) if (!stream.write(chunk)) await drained(stream);
}

/** Also resolves when the other side is gone: nothing would ever drain then. */
async function drained(stream: Sink): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const done = (): void => resolve(undefined);
  const events = ['drain', 'close', 'error'] as const;
  for (const event of events) stream.on(event, done);
  if (stream.destroyed) done();
  await promise;
  for (const event of events) stream.off(event, done);
  if (stream.destroyed) throw new Error('the reader closed the stream');
}

/** A file's bytes; it is closed when nobody wants more. */
export async function* readFrom(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r');
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

const PIECE = 1 << 20;
