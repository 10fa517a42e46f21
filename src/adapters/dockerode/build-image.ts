import { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { parseJson } from '../../parse-json.ts';
import type { BuildEnd, BuildSpec } from '../../ports/image-build.ts';
import { readTrace } from './buildkit-trace.ts';
import type { EngineClient } from './client.ts';

/**
 * The engine's API has both builders; whoever calls it chooses, whatever `docker build` would take. BuildKit is
 * called without a session, which only credentials and secrets of a client would need.
 */
const VERSIONS = { classic: '1', buildkit: '2' } as const;

export async function buildImage(
  client: EngineClient,
  spec: BuildSpec,
  signal: AbortSignal,
): Promise<BuildEnd> {
  const { reference, context, timeoutMs } = spec;
  const doing = `building ${reference}`;
  try {
    const end = await client.call({ doing, timeoutMs, signal }, async (docker, abortSignal) => {
      const { promise: broken, reject } = Promise.withResolvers<never>();
      // A source that fails must end the request: the engine would wait for the rest.
      context.once('error', reject);
      const answer = begin(docker, spec, abortSignal);
      answer.catch(() => undefined);
      return Promise.race([answer.then((stream) => readBuild(stream, spec, abortSignal)), broken]);
    });
    return end ?? { kind: 'failed', because: 'the engine sent nothing' };
  } catch (error) {
    // A Dockerfile that cannot be parsed is refused before the first step.
    if (!(error instanceof MeshdevError) || error.details['status'] !== 400) throw error;
    return { kind: 'failed', because: error.message.slice(`${doing} · `.length) };
  } finally {
    context.destroy();
  }
}

/** The client's own call would open a session for BuildKit, and leave it open when a build is stopped. */
function begin(docker: Docker, spec: BuildSpec, abortSignal: AbortSignal): Promise<IncomingMessage> {
  const { reference, context, dockerfile, target, args, labels, builder } = spec;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  docker.modem.dial(
    {
      path: '/build?',
      method: 'POST',
      file: context,
      options: {
        t: reference,
        dockerfile,
        buildargs: { ...args },
        labels: { ...labels },
        version: VERSIONS[builder],
        // Containers of steps are removed, of a build that fails too.
        rm: true,
        forcerm: true,
        ...(target === undefined ? {} : { target }),
      },
      abortSignal,
      isStream: true,
      statusCodes: { 200: true, 400: 'bad parameter', 500: 'server error' },
    },
    (error, answer) => (answer instanceof IncomingMessage ? resolve(answer) : reject(error)),
  );
  return promise;
}

/** One message of a build: something that was printed, what BuildKit does, or why it ended. */
const Message = z.object({
  stream: z.string().optional(),
  error: z.string().optional(),
  id: z.string().optional(),
  aux: z.unknown().optional(),
});

/** Reads to the end; the signal destroys the stream, on which the engine ends the build. */
async function readBuild(
  stream: IncomingMessage,
  { onOutput }: BuildSpec,
  signal: AbortSignal,
): Promise<BuildEnd> {
  const end = (): void =>
    void stream.destroy(new MeshdevError('INTERRUPTED', { message: 'stopped while building' }));
  signal.addEventListener('abort', end, { once: true });
  const begun = new Set<string>();
  let [because, step]: [string?, string?] = [];
  try {
    if (signal.aborted) end();
    for await (const line of linesOf(stream)) {
      const message = Message.safeParse(parseJson(line)).data;
      if (message?.stream !== undefined) onOutput(message.stream);
      because ??= message?.error;
      if (message?.id !== 'moby.buildkit.trace' || typeof message.aux !== 'string') continue;
      const { vertexes, logs } = readTrace(Buffer.from(message.aux, 'base64'));
      for (const { digest, name, started, error } of vertexes) {
        if (started && !begun.has(digest)) onOutput(`${name}\n`);
        if (started) begun.add(digest);
        // Others are stopped because of the first one.
        if (error !== '') step ??= name;
      }
      for (const text of logs) onOutput(text);
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
  if (because === undefined) return { kind: 'built' };
  return { kind: 'failed', because, ...(step === undefined ? {} : { step }) };
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
