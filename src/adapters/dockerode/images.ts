import { z } from 'zod';
import type { Image, Images, Labels } from '../../ports/container-engine.ts';
import type { EngineClient } from './client.ts';
import { labelFilter } from './label-filter.ts';
import { ImageAnswer, ListedImage } from './schemas.ts';

export function createImages(client: EngineClient): Images {
  return {
    list: (labels, signal) => list(client, labels, signal),
    inspect: (reference, signal) => inspect(client, reference, signal),
    remove: (reference, signal) => remove(client, reference, signal),
  };
}

async function list(client: EngineClient, labels: Labels, signal: AbortSignal): Promise<readonly Image[]> {
  const answer = await client.call({ doing: 'listing images', signal }, (docker, abortSignal) =>
    docker.listImages({ filters: labelFilter(labels), abortSignal }),
  );
  return z.array(ListedImage).parse(answer);
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
  return answer === undefined ? undefined : ImageAnswer.parse(answer);
}

async function remove(client: EngineClient, reference: string, signal: AbortSignal): Promise<void> {
  await client.call({ doing: `removing image ${reference}`, fine: [404], signal }, (docker, abortSignal) =>
    docker.getImage(reference).remove({ abortSignal }),
  );
}
