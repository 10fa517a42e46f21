import { writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPackagesSource } from '../../../src/images/packages/source.ts';
import { runner, scope, smallDisk, temporaryDir } from './workshop.ts';

const templatesDir = join(import.meta.dirname, '../../../templates');

async function sourceIn(cacheDir: string, distDir: string) {
  await mkdir(join(distDir, 'guest'), { recursive: true });
  await writeFile(join(distDir, 'guest/main.js'), 'export {};\n');
  // No engine listens there: everything counts as missing.
  return createPackagesSource({
    runner,
    cacheDir,
    templatesDir,
    distDir,
    dockerHost: 'unix:///nonexistent.sock',
  });
}

describe('the source `packages` on a machine that has nothing', () => {
  it('lists every stage and image it would make, in order, and writes nothing', async () => {
    await using dir = await temporaryDir();
    const source = await sourceIn(join(dir.path, 'cache'), join(dir.path, 'dist'));
    const survey = await source.survey(scope().signal);
    expect(survey.missing).toHaveLength(25);
    expect(survey.missing.slice(-6)).toEqual([
      'stage guest',
      'image node-base',
      'image guest-base',
      'image edge',
      'image node',
      'image guest',
    ]);
    expect(survey.missing.indexOf('stage kubernetes')).toBeLessThan(
      survey.missing.indexOf('stage cluster-images'),
    );
    expect(survey.images.node).toMatch(/^meshdev\.local\/node:[0-9a-f]{16}$/);
    expect(survey.aboutSeconds).toBeGreaterThan(600);
    expect(survey.neededBytes).toBeGreaterThan(5e9);
  });

  it('answers the same twice, and another digest for other guest code', async () => {
    await using dir = await temporaryDir();
    const dist = join(dir.path, 'dist');
    const source = await sourceIn(join(dir.path, 'cache'), dist);
    const before = await source.survey(scope().signal);
    expect(await source.survey(scope().signal)).toEqual(before);
    await writeFile(join(dist, 'guest/main.js'), 'export const changed = 1;\n');
    const after = await source.survey(scope().signal);
    expect(after.digest).not.toBe(before.digest);
    expect(after.images.edge).toBe(before.images.edge);
    expect(after.images.node).not.toBe(before.images.node);
  });

  it('refuses to begin on a disk that is too small', async () => {
    await using disk = await smallDisk('64m');
    const source = await sourceIn(join(disk.path, 'cache'), join(disk.path, 'dist'));
    const run = scope();
    await expect(source.provide(run)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(run.said).toEqual([]);
  });
});
