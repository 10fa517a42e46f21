import { createServer } from 'node:net';
import { textOf } from '../errors/meshdev-error.ts';

/** What came of an attempt to listen; `absent` means that the machine has no such address (no IPv6). */
export type BindOutcome =
  | { readonly kind: 'free' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly seen: string };

/** Listens for a moment, which is the only proof that a port can be had. Port 0 is always free. */
export async function probeBind(address: string, port: number): Promise<BindOutcome> {
  try {
    await listenOnce(address, port);
    return { kind: 'free' };
  } catch (error) {
    return outcomeOf(error);
  }
}

/** @returns the port that was listened on. */
export function listenOnce(address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      const bound = server.address();
      const got = bound === null || typeof bound === 'string' ? port : bound.port;
      server.close(() => resolve(got));
    });
  });
}

function outcomeOf(error: unknown): BindOutcome {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return { kind: 'taken' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'forbidden' };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return { kind: 'absent' };
    default:
      return { kind: 'unknown', seen: textOf(error) };
  }
}
