import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { z } from 'zod';
import type { Image, Images, Network, Networks, Volumes } from '../../src/ports/container-engine.ts';
import { throwIfAborted } from '../../src/run/wait-until.ts';
import { buildInFake } from './fake-build.ts';
import { carries, findNetwork, refuse, type FakeStore } from './fake-store.ts';

export function createFakeNetworks(store: FakeStore): Networks {
  return {
    list: async (labels, signal) => {
      throwIfAborted(signal);
      const found = [...store.networks.values()].filter((network) => carries(network.labels, labels));
      return found.map((network) => withMembers(store, network));
    },
    inspect: async (id, signal) => {
      throwIfAborted(signal);
      const found = findNetwork(store, id);
      return found === undefined ? undefined : withMembers(store, found);
    },
    ensure: async (spec, signal) => {
      throwIfAborted(signal);
      const made = { ...spec, id: `net${store.next()}`, subnets: ['172.30.0.0/16'], containers: [] };
      const network = store.networks.get(spec.name) ?? made;
      store.networks.set(spec.name, network);
      return withMembers(store, network);
    },
    remove: async (id, signal) => {
      throwIfAborted(signal);
      const found = findNetwork(store, id);
      if (found === undefined) return;
      if (withMembers(store, found).containers.length > 0) refuse(403, `network ${id} has active endpoints`);
      store.networks.delete(found.name);
    },
  };
}

function withMembers(store: FakeStore, network: Network): Network {
  const running = [...store.containers.values()]
    .map((kept) => kept.container)
    .filter(({ state }) => state === 'running');
  const inside = running.filter(({ networks }) => networks.some((place) => place.network === network.name));
  return { ...network, containers: inside.map(({ name }) => name) };
}

export function createFakeVolumes(store: FakeStore): Volumes {
  return {
    list: async (labels, signal) => {
      throwIfAborted(signal);
      return [...store.volumes.values()].filter((volume) => carries(volume.labels, labels));
    },
    inspect: async (name, signal) => {
      throwIfAborted(signal);
      return store.volumes.get(name);
    },
    ensure: async (volume, signal) => {
      throwIfAborted(signal);
      const kept = store.volumes.get(volume.name) ?? volume;
      store.volumes.set(volume.name, kept);
      return kept;
    },
    remove: async (name, signal) => {
      throwIfAborted(signal);
      store.volumes.delete(name);
    },
  };
}

export function createFakeImages(store: FakeStore): Images {
  return {
    list: async (labels, signal) => {
      throwIfAborted(signal);
      return [...new Set(store.images.values())].filter((image) => carries(image.labels, labels));
    },
    inspect: async (reference, signal) => {
      throwIfAborted(signal);
      return store.images.get(reference);
    },
    matching: async (pattern, signal) => {
      throwIfAborted(signal);
      const shape = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
      return [...new Set(store.images.values())].filter(({ tags }) =>
        tags.some((tag) => shape.test(tag.replace(/:[^:/]*$/, ''))),
      );
    },
    save: async (references, read, signal) => {
      throwIfAborted(signal);
      const images = references.map(
        (name) => store.images.get(name) ?? refuse(404, `No such image: ${name}`),
      );
      return read(savedImages(references, images));
    },
    load: async (archive, _timeoutMs, signal) => {
      throwIfAborted(signal);
      for (const image of await loadedImages(archive))
        for (const tag of image.tags) store.images.set(tag, image);
    },
    build: async (spec, signal) => {
      throwIfAborted(signal);
      return buildInFake(store, spec);
    },
    tag: async (source, reference, signal) => {
      throwIfAborted(signal);
      nameImage(store, source, reference);
    },
    remove: async (reference, signal) => {
      throwIfAborted(signal);
      store.images.delete(reference);
    },
  };
}

function nameImage(store: FakeStore, source: string, reference: string): void {
  const image =
    store.images.get(source) ??
    [...store.images.values()].find(({ id }) => id === source) ??
    refuse(404, `No such image: ${source}`);
  const others = image.tags.filter((tag) => tag !== reference);
  const named = { ...image, tags: [...others, reference] };
  for (const tag of named.tags) store.images.set(tag, named);
}

/** An archive in `docker save` format; the fake keeps what it knows of an image in its configuration. */
function savedImages(references: readonly string[], images: readonly Image[]): AsyncIterable<Uint8Array> {
  const archive = pack();
  const index = images.map((image, at) => {
    archive.entry({ name: `${at}.json` }, JSON.stringify({ os: 'linux', architecture: 'amd64', image }));
    return { Config: `${at}.json`, RepoTags: [references[at]], Layers: [] };
  });
  archive.entry({ name: 'manifest.json' }, JSON.stringify(index));
  archive.finalize();
  return Readable.from(archive, { objectMode: false });
}

/** The images that an archive in `docker save` format names; the id of a strange one is its configuration's. */
async function loadedImages(archive: Readable): Promise<readonly Image[]> {
  const files = new Map<string, string>();
  const reader = extract();
  archive.once('error', (error) => reader.destroy(error));
  archive.pipe(reader);
  for await (const entry of reader) files.set(entry.header.name, await text(entry));
  return SavedIndex.parse(JSON.parse(files.get('manifest.json') ?? '[]')).map(({ Config, RepoTags }) => {
    const own = OwnConfig.safeParse(JSON.parse(files.get(Config) ?? '{}')).data?.image;
    const id = `sha256:${Config.slice(Config.lastIndexOf('/') + 1)}`;
    return { ...(own ?? { id, labels: {}, sizeBytes: 0 }), tags: RepoTags };
  });
}

const SavedIndex = z.array(z.object({ Config: z.string(), RepoTags: z.array(z.string()) }));
const OwnConfig = z.object({
  image: z.object({
    id: z.string(),
    tags: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    sizeBytes: z.number(),
  }),
});
