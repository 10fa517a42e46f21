import { MeshdevError } from '../../errors/meshdev-error.ts';

/** One piece of a multiplexed stream: the engine's unit of writing, not a line. */
export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

const HEADER = 8;

/**
 * Takes the engine's multiplexed stream apart: 8 bytes (stream number, three zeros, length in network
 * order), then so many bytes. A last frame that was cut off is kept as far as it came.
 */
export function demux(raw: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + HEADER <= raw.length;) {
    const end = at + HEADER + raw.readUInt32BE(at + 4);
    frames.push({ stream: raw[at] === 2 ? 'stderr' : 'stdout', data: raw.subarray(at + HEADER, end) });
    at = end;
  }
  return frames;
}

/** Reads to the end; the signal destroys the stream, because the request behind it is already over. */
export async function collect(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const end = (): void => {
    if ('destroy' in stream && typeof stream.destroy === 'function')
      stream.destroy(new MeshdevError('INTERRUPTED', { message: 'stopped while reading' }));
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) end();
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  } finally {
    signal.removeEventListener('abort', end);
  }
  return Buffer.concat(chunks);
}
