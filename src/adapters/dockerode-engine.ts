import type { EngineEndpoint } from '../ports/engine-endpoint.ts';
import type { ContainerEngine, EngineInfo } from '../ports/container-engine.ts';
import type { DiskUsage } from '../ports/engine-resources.ts';
import { createEngineClient, type EngineClient } from './dockerode/client.ts';
import { createContainers } from './dockerode/containers.ts';
import { createImages } from './dockerode/images.ts';
import { createNetworks } from './dockerode/networks.ts';
import { DiskUsageAnswer, InfoAnswer } from './dockerode/schemas.ts';
import { createVolumes } from './dockerode/volumes.ts';
import { readAnswer } from '../read-answer.ts';

/** The container engine behind an endpoint; connects at the first call. */
export function createDockerodeEngine(endpoint: EngineEndpoint): ContainerEngine {
  const client = createEngineClient(endpoint);
  return {
    endpoint,
    info: (signal) => info(client, signal),
    diskUsage: (signal) => diskUsage(client, signal),
    containers: createContainers(client),
    networks: createNetworks(client),
    volumes: createVolumes(client),
    images: createImages(client),
  };
}

async function info(client: EngineClient, signal: AbortSignal): Promise<EngineInfo> {
  const answer = await client.call({ doing: 'reading the version of the engine', signal }, (docker) =>
    docker.info(),
  );
  return readAnswer(InfoAnswer, answer, 'reading the version of the engine');
}

async function diskUsage(client: EngineClient, signal: AbortSignal): Promise<DiskUsage> {
  const doing = 'measuring the disk usage of the engine';
  return readAnswer(DiskUsageAnswer, await client.call({ doing, signal }, (docker) => docker.df()), doing);
}
