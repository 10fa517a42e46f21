import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAptAccess } from '../../../src/images/packages/apt.ts';
import { buildAll } from '../../../src/images/packages/build-all.ts';
import { buildingDir, ensureCache } from '../../../src/images/packages/cache.ts';
import { stageKeys } from '../../../src/images/packages/keys.ts';
import { installPrerequisites } from '../../../src/images/packages/prerequisites.ts';
import { debianStages } from '../../../src/images/packages/stages/debian-stages.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { runner, scope, temporaryDir } from './workshop.ts';

const [base] = debianStages(createAptAccess(runner));

describe('making a root file system', () => {
  it('stops within seconds when interrupted, and leaves neither files nor mounts', async () => {
    if (base === undefined) throw new Error('there is no stage for the base');
    await installPrerequisites(runner, scope());
    await using dir = await temporaryDir();
    await ensureCache(dir.path);
    const keys = stageKeys([base], 'amd64');
    const building = buildingDir(dir.path, base.id, keys.get(base.id) ?? '');
    const stop = new AbortController();
    const shop = { runner, cacheDir: dir.path, keys, now: () => new Date() };
    const ended = buildAll([base], shop, scope(stop.signal)).catch((error: unknown) => error);

    await waitUntil(
      async () => {
        const log = await readFile(join(building, 'build.log'), 'utf8');
        return log.includes('installing essential packages') ? { done: true } : { seen: log.slice(-200) };
      },
      { what: 'mmdebstrap to install packages', timeoutMs: 90_000, signal: scope().signal },
    );
    const interrupted = performance.now();
    stop.abort();
    expect(await ended).toMatchObject({ code: 'INTERRUPTED' });
    expect(performance.now() - interrupted).toBeLessThan(5_000);
    expect(await readdir(building)).toEqual(['build.log']);
    expect(await readFile('/proc/mounts', 'utf8')).not.toContain(dir.path);
  });
});
