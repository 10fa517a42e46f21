import { once } from 'node:events';
import { connect } from 'node:net';

/** What came back until the other side closed. */
export interface RawAnswer {
  readonly status: number | undefined;
  readonly text: string;
}

/**
 * Writes bytes to a port of this machine and reads until the other side closes; a client that `leaves`
 * closes first, in the middle of what it says.
 */
export async function exchangeBytes(
  port: number,
  bytes: string | Uint8Array,
  { leaves = false }: { readonly leaves?: boolean } = {},
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  await new Promise<void>((resolve) => {
    socket.write(bytes, () => resolve());
  });
  if (leaves) socket.resetAndDestroy();
  await closed;
  const text = Buffer.concat(chunks).toString('latin1');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return { status: status === undefined ? undefined : Number(status), text };
}
