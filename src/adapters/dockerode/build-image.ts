import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { parseJson } from '../../parse-json.ts';
import type { BuildEnd, BuildSpec } from '../../ports/image-build.ts';
import type { EngineClient } from './client.ts';

/** One message of a build: something that was printed, or why it ended. */
const Message = z.object({ stream: z.string().optional(), error: z.string().optional() });

/**
 * Builds with the classic builder, `version=1`: engines advertise BuildKit from version 23 on, but whoever calls
 * their API chooses, and BuildKit needs a session with a client of its own.
 */
export async function buildImage(
  client: EngineClient,
  spec: BuildSpec,
  signal: AbortSignal,
): Promise<BuildEnd> {
  const { reference, context, dockerfile, target, args, labels, timeoutMs, onOutput } = spec;
  const doing = `building ${reference}`;
  const options = {
    t: reference,
    dockerfile,
    buildargs: { ...args },
    labels: { ...labels },
    version: '1' as const,
    // Containers of steps are removed, of a build that fails too.
    rm: true,
    forcerm: true,
    ...(target === undefined ? {} : { target }),
  };
  try {
    const end = await client.call({ doing, timeoutMs, signal }, async (docker, abortSignal) => {
      const { promise: broken, reject } = Promise.withResolvers<never>();
      // A source that fails must end the request: the engine would wait for the rest.
      context.once('error', reject);
      const answer = docker.buildImage(context, { ...options, abortSignal });
      answer.catch(() => undefined);
      return Promise.race([answer.then((stream) => readBuild(stream, onOutput, abortSignal)), broken]);
    });
    return end ?? { kind: 'failed', because: 'the engine sent nothing' };
  } catch (error) {
    const status = statusOf(error);
    // A Dockerfile that cannot be parsed is refused before the first step.
    if (status !== 400 || !(error instanceof MeshdevError)) throw error;
    return { kind: 'failed', because: error.message.slice(`${doing} · `.length), status };
  } finally {
    context.destroy();
  }
}

function statusOf(error: unknown): unknown {
  return error instanceof MeshdevError ? error.details['status'] : undefined;
}

/** Reads to the end; the signal destroys the stream, on which the engine ends the build. */
async function readBuild(
  stream: NodeJS.ReadableStream,
  onOutput: (text: string) => void,
  signal: AbortSignal,
): Promise<BuildEnd> {
  const end = (): void => {
    if ('destroy' in stream && typeof stream.destroy === 'function')
      stream.destroy(new MeshdevError('INTERRUPTED', { message: 'stopped while building' }));
  };
  signal.addEventListener('abort', end, { once: true });
  let because: string | undefined;
  try {
    if (signal.aborted) end();
    for await (const line of linesOf(stream)) {
      const message = Message.safeParse(parseJson(line)).data;
      if (message?.stream !== undefined) onOutput(message.stream);
      because ??= message?.error;
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
  return because === undefined ? { kind: 'built' } : { kind: 'failed', because };
}

async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(Buffer.from(chunk), { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
