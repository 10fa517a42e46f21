import { constants, type Http2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/**
 * Passes on bytes both ways until both ends have ended. One direction may end before the other; a sender waits for a slow
 * reader. Where one side breaks, the other is reset.
 */
export async function join(socket: Socket, stream: Http2Stream): Promise<void> {
  // Before the pipelines see it: they would close the socket as if all had been sent.
  const reset = (): void => void socket.resetAndDestroy();
  stream.once('aborted', reset).once('error', reset);
  try {
    await Promise.all([pipeline(socket, stream), receive(stream, socket)]);
  } catch {
    stream.close(constants.NGHTTP2_CONNECT_ERROR);
    reset();
  }
}

/** A stream that is reset, or whose tunnel is cut, ends as if all had been sent: only its code tells. */
async function receive(stream: Http2Stream, socket: Socket): Promise<void> {
  await pipeline(stream, socket, { end: false });
  const { rstCode } = stream;
  if (rstCode !== constants.NGHTTP2_NO_ERROR) throw new Error(`reset with code ${rstCode}`);
  socket.end();
}
