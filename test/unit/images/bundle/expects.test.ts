import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectations } from '../../../../src/images/bundle/expects.ts';
import { PROFILES } from '../../../../src/profiles.ts';
import { IN_CLUSTER_IMAGES } from '../../../../src/versions.ts';

const HUB_AND_TAG = `${IN_CLUSTER_IMAGES.istioHub}:${IN_CLUSTER_IMAGES.istioTag}`;

let dist: string;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'meshdev-expects-'));
  await mkdir(join(dist, 'agent/program'), { recursive: true });
  await writeFile(join(dist, 'agent/program/probe.js'), 'one');
});
afterAll(async () => rm(dist, { recursive: true }));

describe('what a meshdev expects in a bundle', () => {
  it('of our own build are the versions that we build', async () => {
    expect(await expectations(dist, PROFILES.stock)).toMatchObject({
      kubernetes: PROFILES.stock.versions.kubernetes,
      istio: `${HUB_AND_TAG} ${PROFILES.stock.versions.istio}`,
    });
  });

  it('of the projects’ build are the versions that are pulled', async () => {
    expect(await expectations(dist, PROFILES.official)).toMatchObject({
      kubernetes: PROFILES.official.versions.kubernetes,
      istio: `${HUB_AND_TAG} ${PROFILES.official.versions.istio}`,
    });
  });

  it('is other code in containers when one byte of it is another', async () => {
    const before = await expectations(dist, PROFILES.stock);
    await writeFile(join(dist, 'agent/program/probe.js'), 'two');
    const after = await expectations(dist, PROFILES.stock);
    expect(after['guest code']).not.toBe(before['guest code']);
    expect({ ...after, 'guest code': '' }).toEqual({ ...before, 'guest code': '' });
  });
});
