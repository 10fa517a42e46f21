import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { z } from 'zod';
import type { Images, Network, Networks, Volumes } from '../../src/ports/container-engine.ts';
import { throwIfAborted } from '../../src/run/wait-until.ts';
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
    load: async (archive, _timeoutMs, signal) => {
      throwIfAborted(signal);
      for (const tag of await tagsIn(archive))
        store.images.set(tag, { id: `sha256:${tag}`, tags: [tag], labels: {}, sizeBytes: 0 });
    },
    remove: async (reference, signal) => {
      throwIfAborted(signal);
      store.images.delete(reference);
    },
  };
}

/** The references that an archive in `docker save` format names. */
async function tagsIn(archive: Readable): Promise<readonly string[]> {
  const tags: string[] = [];
  const reader = extract();
  archive.once('error', (error) => reader.destroy(error));
  archive.pipe(reader);
  for await (const entry of reader) {
    const content = await text(entry);
    if (entry.header.name !== 'manifest.json') continue;
    tags.push(...SavedImages.parse(JSON.parse(content)).flatMap(({ RepoTags }) => RepoTags));
  }
  return tags;
}

const SavedImages = z.array(z.object({ RepoTags: z.array(z.string()) }));
