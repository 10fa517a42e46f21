import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { MeshdevError } from '../../src/errors/meshdev-error.ts';
import type {
  Attachment,
  Container,
  Containers,
  ContainerSpec,
  Image,
} from '../../src/ports/container-engine.ts';
import { throwIfAborted } from '../../src/run/wait-until.ts';
import { LABEL, MANAGED_BY } from '../../src/topology/labels.ts';
import type { FakeEngineOptions } from './fake-engine-options.ts';
import { carries, findContainer, findNetwork, needContainer, refuse, type FakeStore } from './fake-store.ts';

type Exec = NonNullable<FakeEngineOptions['exec']>;

export function createFakeContainers(store: FakeStore, exec: Exec): Containers {
  return { ...lifeOf(store), ...insideOf(store, exec) };
}

type Inside = Pick<Containers, 'putFiles' | 'readFile' | 'exec' | 'logs' | 'followLogs'>;

function lifeOf(store: FakeStore): Omit<Containers, keyof Inside> {
  return {
    list: async (labels, signal) => {
      throwIfAborted(signal);
      const all = [...store.containers.values()].map((kept) => kept.container);
      return all.filter((container) => carries(container.labels, labels));
    },
    inspect: async (id, signal) => {
      throwIfAborted(signal);
      return findContainer(store, id)?.container;
    },
    create: async (spec, signal) => {
      throwIfAborted(signal);
      return create(store, spec);
    },
    start: async (id, signal) => {
      throwIfAborted(signal);
      start(store, id);
    },
    stop: async (id, _, signal) => {
      throwIfAborted(signal);
      const kept = needContainer(store, id);
      if (!['running', 'paused'].includes(kept.container.state)) return;
      kept.container = {
        ...kept.container,
        state: 'exited',
        exitCode: 143,
        networks: kept.container.networks.map(unplugged),
      };
    },
    pause: async (id, signal) => {
      throwIfAborted(signal);
      const kept = needContainer(store, id);
      if (!['running', 'paused'].includes(kept.container.state))
        refuse(409, `container ${id} is not running`);
      kept.container = { ...kept.container, state: 'paused' };
    },
    unpause: async (id, signal) => {
      throwIfAborted(signal);
      const kept = needContainer(store, id);
      if (kept.container.state === 'paused') kept.container = { ...kept.container, state: 'running' };
    },
    remove: async (id, signal) => {
      throwIfAborted(signal);
      store.containers.delete(findContainer(store, id)?.container.name ?? '');
    },
    connect: async (id, network, aliases, signal) => {
      throwIfAborted(signal);
      const kept = needContainer(store, id);
      if (findNetwork(store, network) === undefined) refuse(404, `network ${network} not found`);
      const place = { network, address: '', addressV6: '', aliases };
      const added = kept.container.state === 'running' ? plugged(store, place) : place;
      kept.container = { ...kept.container, networks: [...kept.container.networks, added] };
    },
    disconnect: async (id, network, signal) => {
      throwIfAborted(signal);
      const kept = findContainer(store, id);
      if (kept === undefined) return;
      const networks = kept.container.networks.filter((place) => place.network !== network);
      kept.container = { ...kept.container, networks };
    },
  };
}

function insideOf(store: FakeStore, exec: Exec): Inside {
  return {
    putFiles: async (id, files, signal) => {
      throwIfAborted(signal);
      const kept = needContainer(store, id);
      for (const { path, content } of files)
        if (content !== undefined) kept.files.set(path, Buffer.from(content));
    },
    readFile: async (id, path, signal) => {
      throwIfAborted(signal);
      return findContainer(store, id)?.files.get(path);
    },
    exec: async (id, spec, signal) => {
      throwIfAborted(signal);
      const kept = needContainer(store, id);
      if (kept.container.state !== 'running') refuse(409, `container ${id} is not running`);
      const { stdin, onStdout, onStderr, ...rest } = spec;
      const input = stdin instanceof Readable ? await buffer(stdin) : stdin;
      const result = exec(kept.container, input === undefined ? rest : { ...rest, stdin: input }, kept.files);
      onStdout?.(result.stdout);
      onStderr?.(result.stderr);
      const none = Buffer.alloc(0);
      return {
        exitCode: result.exitCode,
        stdout: onStdout === undefined ? result.stdout : none,
        stderr: onStderr === undefined ? result.stderr : none,
      };
    },
    logs: async (id, { since, tail }, signal) => {
      throwIfAborted(signal);
      const from = since?.getTime() ?? 0;
      const lines = (findContainer(store, id)?.lines ?? []).filter((line) => Date.parse(line.at) >= from);
      return tail === undefined ? lines : lines.slice(-tail);
    },
    followLogs: async (id, { onLine }) => findContainer(store, id)?.lines.forEach(({ text }) => onLine(text)),
  };
}

function create(store: FakeStore, spec: ContainerSpec): string {
  const holder = store.containers.get(spec.name)?.container;
  if (holder !== undefined) throw nameTaken(spec, holder);
  const image = store.images.get(spec.image) ?? refuse(404, `No such image: ${spec.image}`);
  const id = store.next().toString(16).padStart(64, '0');
  store.containers.set(spec.name, { container: newContainer(id, spec, image), files: new Map(), lines: [] });
  return id;
}

function start(store: FakeStore, id: string): void {
  const kept = needContainer(store, id);
  const lost = kept.container.networks.find(({ network }) => findNetwork(store, network) === undefined);
  if (lost !== undefined) refuse(404, `network ${lost.network} not found`);
  if (kept.container.state === 'running') return;
  if (kept.container.state === 'paused') refuse(409, 'cannot start a paused container, try unpause instead');
  const networks = kept.container.networks.map((place) => plugged(store, place));
  kept.container = { ...kept.container, state: 'running', startedAt: store.now(), networks };
}

function plugged(store: FakeStore, place: Attachment): Attachment {
  return { ...place, address: `172.30.0.${store.next() % 250}` };
}

function unplugged(place: Attachment): Attachment {
  return { ...place, address: '' };
}

function newContainer(id: string, spec: ContainerSpec, image: Image): Container {
  return {
    id,
    name: spec.name,
    image: spec.image,
    imageId: image.id,
    labels: { ...image.labels, ...spec.labels },
    state: 'created',
    health: 'none',
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    startedAt: '0001-01-01T00:00:00Z',
    ports: spec.ports ?? [],
    networks: [{ network: spec.network, address: '', addressV6: '', aliases: spec.aliases ?? [] }],
    mounts: (spec.volumes ?? []).map(({ name, target }) => ({
      kind: 'volume',
      source: name,
      target,
      readOnly: false,
    })),
  };
}

function nameTaken(spec: ContainerSpec, holder: Container): MeshdevError {
  const ours = holder.labels[LABEL.managedBy] === MANAGED_BY;
  return new MeshdevError(ours ? 'ENGINE_CALL_FAILED' : 'LAB_FOREIGN', {
    message: `creating container ${spec.name} · the name is taken`,
    details: { status: 409 },
  });
}
