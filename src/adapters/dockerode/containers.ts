import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Container, ContainerSpec, Containers, Labels } from '../../ports/container-engine.ts';
import { LABEL, MANAGED_BY } from '../../topology/labels.ts';
import type { EngineClient } from './client.ts';
import { containerOptions } from './container-options.ts';
import { execIn } from './exec.ts';
import { putFiles, readFileFrom } from './files.ts';
import { labelFilter } from './label-filter.ts';
import { followLogs } from './follow-logs.ts';
import { readLogs } from './logs.ts';
import { ContainerAnswer, CreatedAnswer, ListedContainers } from './schemas.ts';
import { readAnswer } from '../../read-answer.ts';

const NOT_THERE = [404];
/** "Already so": started, stopped, or being removed by somebody else. */
const ALREADY = [304];

export function createContainers(client: EngineClient): Containers {
  return {
    list: (labels, signal) => list(client, labels, signal),
    inspect: (id, signal) => inspect(client, id, signal),
    create: (spec, signal) => create(client, spec, signal),
    start: (id, signal) => start(client, id, signal),
    stop: (id, graceSeconds, signal) => stop(client, id, graceSeconds, signal),
    pause: (id, signal) => pause(client, id, signal),
    unpause: (id, signal) => unpause(client, id, signal),
    remove: (id, signal) => remove(client, id, signal),
    connect: (id, network, aliases, signal) => connect(client, id, network, aliases, signal),
    disconnect: (id, network, signal) => disconnect(client, id, network, signal),
    putFiles: (id, files, signal) => putFiles(client, id, files, signal),
    readFile: (id, path, signal) => readFileFrom(client, id, path, signal),
    exec: (id, spec, signal) => execIn(client, id, spec, signal),
    logs: (id, options, signal) => readLogs(client, id, options, signal),
    followLogs: (id, log, signal) => followLogs(client, id, log, signal),
  };
}

async function list(
  client: EngineClient,
  labels: Labels,
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const answer = await client.call({ doing: 'listing containers', signal }, (docker, abortSignal) =>
    docker.listContainers({ all: true, filters: labelFilter(labels), abortSignal }),
  );
  const ids = readAnswer(ListedContainers, answer, 'listing containers').map((listed) => listed.Id);
  const found = await Promise.all(ids.map((id) => inspect(client, id, signal)));
  return found.filter((container) => container !== undefined);
}

async function inspect(
  client: EngineClient,
  id: string,
  signal: AbortSignal,
): Promise<Container | undefined> {
  const answer = await client.call(
    { doing: `inspecting container ${id}`, fine: NOT_THERE, signal },
    (docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }),
  );
  if (answer === undefined) return undefined;
  const { tty: _, ...container } = readAnswer(ContainerAnswer, answer, `inspecting container ${id}`);
  return container;
}

async function create(client: EngineClient, spec: ContainerSpec, signal: AbortSignal): Promise<string> {
  const doing = `creating container ${spec.name} from ${spec.image}`;
  const answer = await client.call({ doing, fine: [409], signal }, (docker, abortSignal) =>
    docker.createContainer({ ...containerOptions(spec), abortSignal }),
  );
  if (answer === undefined) throw nameTaken(spec, await inspect(client, spec.name, signal));
  return readAnswer(CreatedAnswer, { id: answer.id }, doing).id;
}

function nameTaken(spec: ContainerSpec, holder: Container | undefined): MeshdevError {
  const ours = holder?.labels[LABEL.managedBy] === MANAGED_BY;
  const seen =
    holder === undefined
      ? 'which is being removed'
      : `${holder.id.slice(0, 12)} of image ${holder.image}, ${holder.state}`;
  return new MeshdevError(ours ? 'ENGINE_CALL_FAILED' : 'LAB_FOREIGN', {
    message: `creating container ${spec.name} · container ${seen} uses the name`,
    remedies: [`docker rm --force ${spec.name}`],
    details: { status: 409 },
  });
}

async function start(client: EngineClient, id: string, signal: AbortSignal): Promise<void> {
  await client.call({ doing: `starting container ${id}`, fine: ALREADY, signal }, (docker, abortSignal) =>
    docker.getContainer(id).start({ abortSignal }),
  );
}

async function stop(
  client: EngineClient,
  id: string,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMs = (graceSeconds + 60) * 1000;
  await client.call(
    { doing: `stopping container ${id}`, fine: ALREADY, timeoutMs, signal },
    (docker, abortSignal) => docker.getContainer(id).stop({ t: graceSeconds, abortSignal }),
  );
}

/** The engine has one status for "already paused" and "does not run": a look tells which. */
async function pause(client: EngineClient, id: string, signal: AbortSignal): Promise<void> {
  if ((await inspect(client, id, signal))?.state === 'paused') return;
  await client.call({ doing: `pausing container ${id}`, signal }, (docker, abortSignal) =>
    docker.getContainer(id).pause({ abortSignal }),
  );
}

async function unpause(client: EngineClient, id: string, signal: AbortSignal): Promise<void> {
  if ((await inspect(client, id, signal))?.state !== 'paused') return;
  await client.call({ doing: `resuming container ${id}`, signal }, (docker, abortSignal) =>
    docker.getContainer(id).unpause({ abortSignal }),
  );
}

async function remove(client: EngineClient, id: string, signal: AbortSignal): Promise<void> {
  const doing = `removing container ${id}`;
  // 409: somebody else removes it already, or it is stuck; a look tells which.
  await client.call({ doing, fine: [404, 409], signal }, (docker, abortSignal) =>
    docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
  );
  const left = await inspect(client, id, signal);
  if (left === undefined || left.state === 'removing') return;
  throw new MeshdevError('ENGINE_CALL_FAILED', {
    message: `${doing} · it still exists, ${left.state}`,
    remedies: [`docker rm --force ${id}`],
  });
}

async function connect(
  client: EngineClient,
  id: string,
  network: string,
  aliases: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await client.call({ doing: `connecting container ${id} to network ${network}`, signal }, (docker) =>
    docker.getNetwork(network).connect({ Container: id, EndpointConfig: { Aliases: [...aliases] } }),
  );
}

async function disconnect(
  client: EngineClient,
  id: string,
  network: string,
  signal: AbortSignal,
): Promise<void> {
  const seen = await inspect(client, id, signal);
  if (seen?.networks.some((place) => place.network === network) !== true) return;
  await client.call(
    { doing: `disconnecting container ${id} from network ${network}`, fine: NOT_THERE, signal },
    (docker) => docker.getNetwork(network).disconnect({ Container: id, Force: true }),
  );
}
