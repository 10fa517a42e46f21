import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Path of a program as the image source `packages` built it for the labs: tests meet the very binary
 * that runs there. Missing = the images were not built, which is a failure, never a skip.
 */
export async function cachedProgram(name: string): Promise<string> {
  const packages = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshdev', 'packages');
  const stages = await readdir(packages).catch(() => []);
  const found = await Promise.all(
    stages
      .filter((stage) => new RegExp(`^${name}-[0-9a-f]{16}$`).test(stage))
      .map((stage) => dated(join(packages, stage, 'bin', name))),
  );
  const newest = found.filter((program) => program !== undefined).toSorted((a, b) => b.at - a.at)[0];
  if (newest === undefined)
    throw new Error(`there is no ${name} in ${packages}: run "meshdev images build" first`);
  return newest.path;
}

async function dated(path: string): Promise<{ path: string; at: number } | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined ? undefined : { path, at: stats.mtimeMs };
}
