import { join } from 'node:path';
import { diskIsHere } from '../engine/engine-place.ts';
import { hostPlatform } from '../engine/platform.ts';
import { expectations } from '../images/bundle/expects.ts';
import { openBundleSource } from '../images/bundle/source.ts';
import type { ReachedEngine } from '../lab/lab-context.ts';
import type { ImageSource } from '../ports/image-source.ts';
import type { Paths } from '../topology/paths.ts';
import type { CliContext } from './cli-context.ts';
import { meshdevVersion } from './package-version.ts';

/** The source `bundle` for this machine; reads the bundle's manifest, and no more of it yet. */
export async function bundleSourceFor(
  cli: CliContext,
  paths: Paths,
  path: string,
  reachEngine: (signal: AbortSignal) => Promise<ReachedEngine | undefined>,
): Promise<ImageSource> {
  return openBundleSource({
    path,
    cacheDir: paths.cacheDir,
    host: hostPlatform(cli.platform, cli.arch),
    meshdev: await meshdevVersion(cli.packageDir),
    expects: (profile) => expectations(join(cli.packageDir, 'dist'), profile),
    engine: async (signal) => (await reachEngine(signal))?.engine,
    diskIsHere: (endpoint, info) => diskIsHere(cli.platform, endpoint, info),
  });
}
