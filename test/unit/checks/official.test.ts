import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial, type Material } from '../../support/healthy-material.ts';
import { judge, redsOf } from './expected.ts';

// What a lab gives as evidence that was made of the images of the projects, held against all that those bring.

const lab = createLab(DEFAULT_CHOICE);
const { official, stock } = PROFILES;
let material: Material;
let evidence: { readonly official: EvidenceMap; readonly stock: EvidenceMap };

beforeAll(async () => {
  material = await makeMaterial(lab);
  evidence = {
    official: healthyEvidence(lab, material, official),
    stock: healthyEvidence(lab, material, stock),
  };
});

type Made = EvidenceMap['versions']['profile'];

const madeOf = (all: EvidenceMap, profile: Made): EvidenceMap => ({
  ...all,
  versions: { ...all.versions, profile },
});

describe('a lab of the official images', () => {
  it('has no red check, and skips nothing that a lab of stock images does not', async () => {
    const own = await judge(lab, evidence.official, CATALOGUE);
    const other = await judge(lab, evidence.stock, CATALOGUE);
    const kinds = ({ checks }: CheckReport) => checks.map(({ id, verdict: { kind } }) => [id, kind]);
    expect(redsOf(own)).toEqual({});
    expect(kinds(own)).toEqual(kinds(other));
  });

  it('says of itself what its images bring, and not what `packages` builds', () => {
    expect(evidence.official.versions.kubernetes).toBe(official.versions.kubernetes);
    expect(evidence.official.versions.kubernetes).not.toBe(stock.versions.kubernetes);
    expect(evidence.official.proxies.proxies.map(({ istioVersion }) => istioVersion)).not.toContain(
      stock.versions.istio,
    );
  });

  it.each(['official', 'stock'] as const)('made of images of profile %s is no other one', async (name) => {
    const other = name === 'official' ? 'stock' : 'official';
    const { images: _, ...made } = PROFILES[other];
    expect(redsOf(await judge(lab, madeOf(evidence[name], made)))).toEqual({
      'MD-DRIFT-002': 'fail DRIFT_VERSION',
    });
  });
});

type Leaf = string | number | undefined;

/** Every expectation of a profile by its path; its name and its images are none. */
function expectations(value: object, path: readonly string[] = []): readonly (readonly [string[], Leaf])[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const at = [...path, key];
    if (typeof inner === 'object' && inner !== null) return expectations(inner, at);
    return [[at, typeof inner === 'number' || typeof inner === 'string' ? inner : undefined] as const];
  });
}

/** Of what there is only a choice: the other one. */
const OTHER: Readonly<Record<string, string>> = {
  istio: 'upstream',
  upstream: 'istio',
  kindnet: 'static',
  static: 'kindnet',
};

/** A version whose last number is one more; of what there is only a choice, the other one. */
function another(value: unknown): string | number {
  if (typeof value === 'number') return value + 1;
  const text = typeof value === 'string' ? value : '1.0.0';
  return OTHER[text] ?? text.replace(/\d+(?=\D*$)/, (last) => String(Number(last) + 1));
}

/** A copy in which the value at the path is another one. */
function changed<Value extends object>(value: Value, path: readonly string[]): Value {
  const copy = structuredClone(value);
  let holder: object = copy;
  for (const key of path.slice(0, -1)) {
    const inner: unknown = Reflect.get(holder, key);
    if (typeof inner !== 'object' || inner === null) throw new Error(`there is no ${path.join('.')}`);
    holder = inner;
  }
  const last = path.at(-1) ?? '';
  Reflect.set(holder, last, another(Reflect.get(holder, last)));
  return copy;
}

describe.each(Object.values(PROFILES))('each expectation of profile $name', ({ images, ...made }) => {
  const { name } = made;
  const all = expectations(made).filter(([path]) => path[0] !== 'name');

  it('is one of these', () => {
    expect(all.map(([path]) => path.join('.')).toSorted()).toEqual([
      'cni',
      'envoy',
      'proxyUser',
      'versions.caddy',
      'versions.envoy',
      'versions.istio',
      'versions.kubernetes',
    ]);
  });

  it.each(all.map(([path]) => path))(
    'turns MD-DRIFT-002 red when it alone is another: %s %s',
    async (...path) => {
      const mutated = madeOf(evidence[name], changed(made, path));
      expect(redsOf(await judge(lab, mutated))).toEqual({
        'MD-DRIFT-002': 'fail DRIFT_VERSION',
      });
    },
  );

  it.each(all.flatMap(([path, wanted]) => (wanted === undefined ? [] : [path])))(
    'turns MD-DRIFT-002 red when the lab alone is another: %s %s',
    async (...path) => {
      const seen = healthyEvidence(lab, material, changed({ ...made, images }, path));
      expect(redsOf(await judge(lab, madeOf(seen, made)))).toEqual({
        'MD-DRIFT-002': 'fail DRIFT_VERSION',
      });
    },
  );
});
