import { z } from 'zod';
import type { Labels, Volume, Volumes } from '../../ports/container-engine.ts';
import type { EngineClient } from './client.ts';
import { labelFilter } from './label-filter.ts';
import { VolumeAnswer } from './schemas.ts';
import { readAnswer } from '../../read-answer.ts';

const VolumeList = z.object({ Volumes: z.array(VolumeAnswer).nullable() });

export function createVolumes(client: EngineClient): Volumes {
  return {
    list: (labels, signal) => list(client, labels, signal),
    inspect: (name, signal) => inspect(client, name, signal),
    ensure: (volume, signal) => ensure(client, volume, signal),
    remove: (name, signal) => remove(client, name, signal),
  };
}

async function list(client: EngineClient, labels: Labels, signal: AbortSignal): Promise<readonly Volume[]> {
  const answer = await client.call({ doing: 'listing volumes', signal }, (docker, abortSignal) =>
    docker.listVolumes({ filters: labelFilter(labels), abortSignal }),
  );
  return readAnswer(VolumeList, answer, 'listing volumes').Volumes ?? [];
}

async function inspect(client: EngineClient, name: string, signal: AbortSignal): Promise<Volume | undefined> {
  const answer = await client.call(
    { doing: `inspecting volume ${name}`, fine: [404], signal },
    (docker, abortSignal) => docker.getVolume(name).inspect({ abortSignal }),
  );
  return answer === undefined ? undefined : readAnswer(VolumeAnswer, answer, `inspecting volume ${name}`);
}

/** The engine's own create is idempotent: a volume of that name is returned as it is. */
async function ensure(client: EngineClient, volume: Volume, signal: AbortSignal): Promise<Volume> {
  await client.call({ doing: `creating volume ${volume.name}`, signal }, (docker, abortSignal) =>
    docker.createVolume({ Name: volume.name, Labels: { ...volume.labels }, abortSignal }),
  );
  return (await inspect(client, volume.name, signal)) ?? volume;
}

async function remove(client: EngineClient, name: string, signal: AbortSignal): Promise<void> {
  await client.call({ doing: `removing volume ${name}`, fine: [404], signal }, (docker, abortSignal) =>
    docker.getVolume(name).remove({ abortSignal }),
  );
}
