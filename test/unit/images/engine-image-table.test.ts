import { describe, expect, it } from 'vitest';
import { ENGINE_IMAGES, imageNames, missingImages } from '../../../src/images/packages/engine-image-table.ts';

const STAGES = [
  'rootfs-node',
  'node-programs',
  'cluster-images',
  'rootfs-base',
  'guest-base',
  'edge',
  'guest',
];
const keys = (changed = ''): ReadonlyMap<string, string> =>
  new Map(STAGES.map((id) => [id, id === changed ? 'changed' : id]));
const idsOf = (held: ReadonlySet<string>) => missingImages(imageNames(keys()), held).map((image) => image.id);

describe('names of engine images', () => {
  it('carry the key of what they are made of', () => {
    expect(imageNames(keys()).get('node')).toMatch(/^meshdev\.local\/node:[0-9a-f]{16}$/);
  });

  it('change with the guest’s code only where the code is', () => {
    const [before, after] = [imageNames(keys()), imageNames(keys('guest'))];
    const changed = ENGINE_IMAGES.map((image) => image.id).filter((id) => before.get(id) !== after.get(id));
    expect(changed).toEqual(['node', 'guest']);
  });

  it('change for an image that stands on a changed one', () => {
    const [before, after] = [imageNames(keys()), imageNames(keys('cluster-images'))];
    expect(after.get('node')).not.toBe(before.get('node'));
    expect(after.get('edge')).toBe(before.get('edge'));
  });
});

describe('images to load', () => {
  const names = imageNames(keys());
  const all = new Set(names.values());

  it('are all of them into an empty engine, each after the one it stands on', () => {
    expect(idsOf(new Set())).toEqual(['node-base', 'guest-base', 'edge', 'node', 'guest']);
  });

  it('are none when the lab’s images are there, whatever lies below', () => {
    const lab = ['node', 'edge', 'guest'] as const;
    expect(idsOf(new Set(lab.map((id) => names.get(id) ?? '')))).toEqual([]);
  });

  it('are only the thin one when what it stands on is there', () => {
    all.delete(names.get('node') ?? '');
    expect(idsOf(all)).toEqual(['node']);
  });
});
