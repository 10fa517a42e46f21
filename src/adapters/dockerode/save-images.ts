import { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { EngineClient } from './client.ts';

/** Images of a lab are gigabytes: slow disks need minutes, and a dead engine still ends. */
const LIMIT_MS = 20 * 60_000;

/** Hands the engine's export of images to `read`, which has to read all of it. */
export async function saveImages<T>(
  client: EngineClient,
  references: readonly string[],
  read: (archive: AsyncIterable<Uint8Array>) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const doing = `exporting ${references.join(', ')} from the engine`;
  const result = await client.call({ doing, timeoutMs: LIMIT_MS, signal }, async (docker, abortSignal) => {
    const archive = await exportOf(docker, references, abortSignal);
    return { value: await read(bytesOf(archive)) };
  });
  if (result !== undefined) return result.value;
  throw new MeshdevError('ENGINE_CALL_FAILED', { message: `${doing} · the engine sent nothing` });
}

/** The client's own call for several images in one archive is missing from its types. */
function exportOf(
  docker: Docker,
  names: readonly string[],
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  docker.modem.dial(
    {
      path: '/images/get?',
      method: 'GET',
      options: { names: [...names] },
      abortSignal,
      isStream: true,
      statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
    },
    (error, archive) => (archive instanceof IncomingMessage ? resolve(archive) : reject(error)),
  );
  return promise;
}

async function* bytesOf(stream: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}
