import type { Readable } from 'node:stream';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Image, Images, Labels } from '../../ports/container-engine.ts';
import { buildImage } from './build-image.ts';
import type { EngineClient } from './client.ts';
import { labelFilter } from './label-filter.ts';
import { saveImages } from './save-images.ts';
import { ImageAnswer, ListedImage } from './schemas.ts';
import { collect } from './stream.ts';
import { readAnswer } from '../../read-answer.ts';

export function createImages(client: EngineClient): Images {
  return {
    list: (labels, signal) => list(client, labels, signal),
    inspect: (reference, signal) => inspect(client, reference, signal),
    matching: (pattern, signal) => matching(client, pattern, signal),
    save: (references, read, signal) => saveImages(client, references, read, signal),
    load: (archive, timeoutMs, signal) => load(client, archive, timeoutMs, signal),
    build: (spec, signal) => buildImage(client, spec, signal),
    tag: (source, reference, signal) => tag(client, source, reference, signal),
    remove: (reference, signal) => remove(client, reference, signal),
  };
}

async function list(client: EngineClient, labels: Labels, signal: AbortSignal): Promise<readonly Image[]> {
  const answer = await client.call({ doing: 'listing images', signal }, (docker, abortSignal) =>
    docker.listImages({ filters: labelFilter(labels), abortSignal }),
  );
  return readAnswer(z.array(ListedImage), answer, 'listing images');
}

async function matching(
  client: EngineClient,
  pattern: string,
  signal: AbortSignal,
): Promise<readonly Image[]> {
  const answer = await client.call({ doing: `listing images ${pattern}`, signal }, (docker, abortSignal) =>
    docker.listImages({ filters: { reference: [pattern] }, abortSignal }),
  );
  return readAnswer(z.array(ListedImage), answer, `listing images ${pattern}`);
}

async function load(
  client: EngineClient,
  archive: Readable,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const doing = 'loading images into the engine';
  const said = await client.call({ doing, timeoutMs, signal }, async (docker, abortSignal) => {
    const { promise: broken, reject } = Promise.withResolvers<never>();
    // A source that fails must end the request: the engine would wait for the rest.
    archive.once('error', reject);
    const answer = docker.loadImage(archive, { quiet: true, abortSignal });
    answer.catch(() => undefined);
    return Promise.race([answer.then((stream) => collect(stream, abortSignal)), broken]);
  });
  // The engine begins its answer before it has read the archive: a failure comes as a line of it.
  const failure = /"error":\s*("(?:[^"\\]|\\.)*")/.exec(said?.toString('utf8') ?? '')?.[1];
  if (failure === undefined) return;
  const message = `${doing} · the engine reported ${failure}`;
  // The engine has no code for it; these are the words of the system behind it.
  if (failure.includes('no space left on device'))
    throw new MeshdevError('DISK_FULL', {
      message,
      remedies: ['docker system df', 'meshdev images prune', 'docker system prune'],
    });
  throw new MeshdevError('ENGINE_CALL_FAILED', { message });
}

async function inspect(
  client: EngineClient,
  reference: string,
  signal: AbortSignal,
): Promise<Image | undefined> {
  const answer = await client.call(
    { doing: `inspecting image ${reference}`, fine: [404], signal },
    (docker) => docker.getImage(reference).inspect(),
  );
  return answer === undefined ? undefined : readAnswer(ImageAnswer, answer, `inspecting image ${reference}`);
}

async function tag(
  client: EngineClient,
  source: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  const colon = reference.lastIndexOf(':');
  const name = { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) };
  await client.call({ doing: `naming image ${source} ${reference}`, signal }, (docker, abortSignal) =>
    docker.getImage(source).tag({ ...name, abortSignal }),
  );
}

async function remove(client: EngineClient, reference: string, signal: AbortSignal): Promise<void> {
  await client.call({ doing: `removing image ${reference}`, fine: [404], signal }, (docker, abortSignal) =>
    docker.getImage(reference).remove({ abortSignal }),
  );
}
