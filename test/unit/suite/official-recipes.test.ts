import { describe, expect, it } from 'vitest';
import { RECIPES } from '../../../src/images/packages/all-stages.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { OFFICIAL_IMAGES } from '../../support/official/images.ts';
import { OFFICIAL_RECIPES } from '../../support/official/recipes.ts';

// What the images of the official-shaped lab are made of.

const { official, stock } = PROFILES;
const saysStock = (value: unknown): boolean =>
  [stock.versions.kubernetes, stock.versions.istio].some((version) =>
    JSON.stringify(value).includes(version),
  );

describe('the recipes of the official-shaped images', () => {
  it('say the official versions, and nowhere those of `packages`', () => {
    expect(saysStock(OFFICIAL_RECIPES)).toBe(false);
    const set = OFFICIAL_RECIPES.go.flatMap(({ builds }) =>
      builds.flatMap((build) => Object.entries(build.set ?? {})),
    );
    expect(new Map(set).get('istio.io/istio/pkg/version.buildVersion')).toBe(official.versions.istio);
    expect(new Map(set).get('k8s.io/component-base/version.gitVersion')).toBe(official.versions.kubernetes);
    expect(OFFICIAL_RECIPES.kubernetes).toBe(official.versions.kubernetes);
  });

  it('are those of `packages` where no such version is said, so that nothing else is built', () => {
    const others = RECIPES.go.filter((recipe) => !saysStock(recipe));
    expect(others.map(({ id }) => id)).toContain('containerd');
    for (const recipe of others) expect(OFFICIAL_RECIPES.go).toContainEqual(recipe);
  });

  it('put what kubeadm asks for into the node, and nothing of the mesh', () => {
    const names = OFFICIAL_RECIPES.clusterImages.map(({ name }) => name);
    expect(names).toContain(`registry.k8s.io/kube-apiserver:${official.versions.kubernetes}`);
    expect(names.filter((name) => !name.startsWith('registry.k8s.io/'))).toEqual([]);
  });

  it('are there for every image of the profile', () => {
    expect(OFFICIAL_IMAGES.map(({ id }) => id).toSorted()).toEqual(Object.keys(official.images).toSorted());
  });
});
