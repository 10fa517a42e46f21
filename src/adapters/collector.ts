import { Writable } from 'node:stream';

export interface Collector {
  readonly stream: Writable;
  /** What was written; nothing where `onChunk` takes it. */
  readonly bytes: () => Buffer;
}

/** Where a client library writes a program's output. @param onChunk is handed it as it comes, instead */
export function collector(onChunk?: (chunk: Buffer) => void): Collector {
  const chunks: Buffer[] = [];
  const take = onChunk ?? ((chunk: Buffer) => void chunks.push(chunk));
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(Buffer.from(chunk));
      done();
    },
  });
  return { stream, bytes: () => Buffer.concat(chunks) };
}
