import { describe, expect, it } from 'vitest';
import { describeImage } from '../../../src/images/packages/image-archive.ts';

const LAYERS = [
  { path: '/cache/base.tar', digest: 'a'.repeat(64), size: 10 },
  { path: '/cache/own.tar', digest: 'b'.repeat(64), size: 20 },
];
const IMAGE = {
  name: 'meshdev.local/edge:0123456789abcdef',
  layers: LAYERS,
  config: { entrypoint: ['/caddy'], stopSignal: 'SIGRTMIN+3', user: '1337:1337' },
};

describe('an image archive', () => {
  it('says the same to docker and to containerd', () => {
    const { docker, entry, manifest, config } = describeImage(IMAGE, 'amd64');
    expect(docker.Config).toBe(`blobs/sha256/${config.digest.slice(7)}`);
    expect(docker.RepoTags).toEqual([IMAGE.name]);
    expect(entry.digest).toBe(manifest.digest);
    expect(entry.annotations['io.containerd.image.name']).toBe(IMAGE.name);
    const layers: unknown = JSON.parse(manifest.text);
    expect(layers).toMatchObject({
      layers: LAYERS.map(({ digest, size }) => ({ digest: `sha256:${digest}`, size })),
    });
  });

  it('carries the label that everything of meshdev has, and no field that was not asked for', () => {
    const config: unknown = JSON.parse(describeImage(IMAGE, 'arm64').config.text);
    expect(config).toMatchObject({
      architecture: 'arm64',
      config: {
        Labels: { 'dev.meshdev.managed-by': 'meshdev' },
        Entrypoint: ['/caddy'],
        StopSignal: 'SIGRTMIN+3',
        User: '1337:1337',
      },
      rootfs: { type: 'layers', diff_ids: LAYERS.map(({ digest }) => `sha256:${digest}`) },
    });
    expect(config).not.toHaveProperty('config.Cmd');
  });

  it('is the same each time: equal layers give an equal image', () => {
    expect(describeImage(IMAGE, 'amd64').config.digest).toBe(describeImage(IMAGE, 'amd64').config.digest);
  });
});
