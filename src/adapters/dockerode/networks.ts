import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Labels, Network, NetworkSpec, Networks } from '../../ports/container-engine.ts';
import type { EngineClient } from './client.ts';
import { labelFilter } from './label-filter.ts';
import { NetworkAnswer } from './schemas.ts';
import { readAnswer } from '../../read-answer.ts';

export function createNetworks(client: EngineClient): Networks {
  return {
    list: (labels, signal) => list(client, labels, signal),
    inspect: (id, signal) => inspect(client, id, signal),
    ensure: (spec, signal) => ensure(client, spec, signal),
    remove: (id, signal) => remove(client, id, signal),
  };
}

async function list(client: EngineClient, labels: Labels, signal: AbortSignal): Promise<readonly Network[]> {
  const answer = await client.call({ doing: 'listing networks', signal }, (docker, abortSignal) =>
    docker.listNetworks({ filters: labelFilter(labels), abortSignal }),
  );
  // The list leaves out who is in a network.
  const ids = readAnswer(z.array(z.object({ Id: z.string() })), answer, 'listing networks');
  const found = await Promise.all(ids.map(({ Id }) => inspect(client, Id, signal)));
  return found.filter((network) => network !== undefined);
}

async function inspect(client: EngineClient, id: string, signal: AbortSignal): Promise<Network | undefined> {
  const answer = await client.call({ doing: `inspecting network ${id}`, fine: [404], signal }, (docker) =>
    docker.getNetwork(id).inspect(),
  );
  return answer === undefined ? undefined : readAnswer(NetworkAnswer, answer, `inspecting network ${id}`);
}

async function ensure(client: EngineClient, spec: NetworkSpec, signal: AbortSignal): Promise<Network> {
  const there = await inspect(client, spec.name, signal);
  if (there !== undefined) return there;
  // 409: somebody else made it in between, which is as good.
  await client.call({ doing: `creating network ${spec.name}`, fine: [409], signal }, (docker, abortSignal) =>
    docker.createNetwork({
      Name: spec.name,
      Labels: { ...spec.labels },
      Driver: 'bridge',
      EnableIPv6: spec.ipv6,
      CheckDuplicate: true,
      abortSignal,
    }),
  );
  const made = await inspect(client, spec.name, signal);
  if (made !== undefined) return made;
  throw new MeshdevError('ENGINE_CALL_FAILED', {
    message: `creating network ${spec.name} · it was created and then removed by another process`,
  });
}

async function remove(client: EngineClient, id: string, signal: AbortSignal): Promise<void> {
  await client.call({ doing: `removing network ${id}`, fine: [404], signal }, (docker, abortSignal) =>
    docker.getNetwork(id).remove({ abortSignal }),
  );
}
