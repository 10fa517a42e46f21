import { PassThrough, Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { FollowedContainerLog } from '../../ports/container-engine.ts';
import type { EngineClient } from './client.ts';
import { readAnswer } from '../../read-answer.ts';

/** Hands over every line from a moment on, as it is written, until the container stops or the signal fires. */
export async function followLogs(
  client: EngineClient,
  id: string,
  { since, tail, onLine }: FollowedContainerLog,
  signal: AbortSignal,
): Promise<void> {
  const doing = `following the log of container ${id}`;
  const lines = new PassThrough();
  const stream = await client.call({ doing, fine: [404], signal }, async (docker) => {
    const query = { stdout: true, stderr: true, since: since.getTime() / 1000, tail };
    // Its own signal: that of the call is over once the log is being followed.
    const answer = await docker.getContainer(id).logs({ ...query, follow: true, abortSignal: signal });
    docker.modem.demuxStream(answer, lines, lines);
    return readAnswer(z.instanceof(Readable), answer, doing);
  });
  if (stream === undefined) return;
  const read = createInterface({ input: lines }).on('line', onLine);
  const ended = Promise.withResolvers<void>();
  read.once('close', ended.resolve);
  stream.once('close', () => lines.end()).once('error', ended.reject);
  await ended.promise;
}
