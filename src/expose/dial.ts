import { connect, type Socket } from 'node:net';

const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** Connects to a port of this machine, at either loopback address. @throws Error naming both refusals */
export async function dial(port: number): Promise<Socket> {
  const refused: string[] = [];
  for (const host of LOOPBACK) {
    const found = await connected(host, port);
    if (typeof found !== 'string') return found;
    refused.push(`${host}: ${found}`);
  }
  throw new Error(`port ${port} does not accept connections (${refused.join(', ')})`);
}

/** The socket, or why there is none. */
function connected(host: string, port: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}
