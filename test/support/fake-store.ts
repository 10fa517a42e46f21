import { MeshdevError } from '../../src/errors/meshdev-error.ts';
import type { Container, Image, Labels, LogLine, Network, Volume } from '../../src/ports/container-engine.ts';

/** What the fake engine remembers. */
export interface FakeStore {
  readonly containers: Map<string, KeptContainer>;
  readonly networks: Map<string, Network>;
  readonly volumes: Map<string, Volume>;
  /** By reference. */
  readonly images: Map<string, Image>;
  /** A number that was not given before. */
  next(): number;
  /** The fake has no clock: each call is one second after the one before. */
  now(): string;
}

export interface KeptContainer {
  container: Container;
  readonly files: Map<string, Buffer>;
  readonly lines: LogLine[];
}

export function createFakeStore(images: readonly Image[]): FakeStore {
  let count = 0;
  const next = (): number => (count += 1);
  return {
    containers: new Map(),
    networks: new Map(),
    volumes: new Map(),
    images: new Map(images.flatMap((image) => image.tags.map((tag) => [tag, image]))),
    next,
    now: () => new Date(Date.UTC(2030, 0, 1) + next() * 1000).toISOString(),
  };
}

export function findContainer(store: FakeStore, idOrName: string): KeptContainer | undefined {
  const all = [...store.containers.values()];
  return store.containers.get(idOrName) ?? all.find((kept) => kept.container.id === idOrName);
}

export function needContainer(store: FakeStore, idOrName: string): KeptContainer {
  return findContainer(store, idOrName) ?? refuse(404, `No such container: ${idOrName}`);
}

export function findNetwork(store: FakeStore, idOrName: string): Network | undefined {
  return (
    store.networks.get(idOrName) ?? [...store.networks.values()].find((network) => network.id === idOrName)
  );
}

export function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

export function refuse(status: number, message: string): never {
  throw new MeshdevError('ENGINE_CALL_FAILED', { message, details: { status } });
}
