import { type Recipes, RECIPES } from '../../../src/images/packages/all-stages.ts';
import type { InClusterImage } from '../../../src/images/packages/in-cluster-images.ts';
import type { GoRecipe } from '../../../src/images/packages/stages/go-recipes.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { IN_CLUSTER_IMAGES } from '../../../src/versions.ts';

const { official, stock } = PROFILES;

/** What the programs of the source `packages` say of themselves, and what the official ones say. */
const SAID: readonly (readonly [string, string])[] = [
  [stock.versions.kubernetes, official.versions.kubernetes],
  [stock.versions.istio, official.versions.istio],
  [IN_CLUSTER_IMAGES.istioHub, 'docker.io/istio'],
];

/** The hub of the official images: kubeadm asks for them, and the official node holds them. */
const KUBERNETES_HUB = 'registry.k8s.io/';

/**
 * The recipes of the source `packages` with the versions that the official images say. A program that says
 * nothing of the kind keeps its recipe, its key and its place in the cache.
 */
export const OFFICIAL_RECIPES: Recipes = {
  go: RECIPES.go.map(withOfficialVersions),
  kubernetes: official.versions.kubernetes,
  clusterImages: RECIPES.clusterImages.filter(({ name }) => name.startsWith(KUBERNETES_HUB)).map(renamed),
};

function withOfficialVersions(recipe: GoRecipe): GoRecipe {
  return {
    ...recipe,
    builds: recipe.builds.map(({ set, ...build }) =>
      set === undefined
        ? build
        : {
            ...build,
            set: Object.fromEntries(Object.entries(set).map(([name, value]) => [name, said(value)])),
          },
    ),
  };
}

function renamed(image: InClusterImage): InClusterImage {
  return { ...image, name: said(image.name) };
}

function said(text: string): string {
  return SAID.reduce((now, [before, after]) => now.replaceAll(before, after), text);
}
