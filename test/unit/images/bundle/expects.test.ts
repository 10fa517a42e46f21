import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectations } from '../../../../src/images/bundle/expects.ts';
import { GO_PINS, ISTIO_RELEASE, ISTIO_VERSION } from '../../../../src/versions.ts';

let guest: string;

beforeAll(async () => {
  guest = await mkdtemp(join(tmpdir(), 'meshdev-expects-'));
  await writeFile(join(guest, 'probe.js'), 'one');
});
afterAll(async () => rm(guest, { recursive: true }));

describe('what a meshdev expects in a bundle', () => {
  it('of our own build are the versions that we build', async () => {
    expect(await expectations(guest, 'stock')).toMatchObject({
      kubernetes: GO_PINS.kubernetes.version,
      istio: `meshdev.local/istio:1.31 ${ISTIO_VERSION}`,
    });
  });

  it('of the projects’ build are the versions that are pulled', async () => {
    expect(await expectations(guest, 'official')).toMatchObject({
      kubernetes: 'v1.37.0',
      istio: `meshdev.local/istio:1.31 ${ISTIO_RELEASE}`,
    });
  });

  it('is other code in containers when one byte of it is another', async () => {
    const before = await expectations(guest, 'stock');
    await writeFile(join(guest, 'probe.js'), 'two');
    const after = await expectations(guest, 'stock');
    expect(after['guest code']).not.toBe(before['guest code']);
    expect({ ...after, 'guest code': '' }).toEqual({ ...before, 'guest code': '' });
  });
});
