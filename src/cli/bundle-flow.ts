import { join, resolve } from 'node:path';
import { hostPlatform } from '../engine/platform.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { createBundle, type MadeBundle } from '../images/bundle/create-bundle.ts';
import { expectations } from '../images/bundle/expects.ts';
import type { BundleManifest } from '../images/bundle/manifest.ts';
import { readBlob, readHead, verifyFile } from '../images/bundle/read-bundle.ts';
import type { CliContext } from './cli-context.ts';
import { provideImages } from './images-flow.ts';
import type { CommonOptions } from './options.ts';
import { meshdevVersion } from './package-version.ts';
import { runScopeOf } from './run-scope-of.ts';
import { openWantedLab } from './wire.ts';

/** Writes a bundle from whatever source provides a lab's images here. */
export async function createBundleFile(
  cli: CliContext,
  file: string,
  options: CommonOptions,
): Promise<MadeBundle> {
  const run = runScopeOf(cli, options);
  const opened = await openWantedLab(cli, options, true);
  const { kind } = await opened.source(run.signal);
  const { bundle } = opened.settings;
  if (kind === 'bundle' && bundle !== undefined) throw isOneAlready(bundle, file);
  const { source, provided } = await provideImages(cli, opened, options, run);
  const { images } = await opened.context.engine(run.signal);
  const services = await (await opened.context.serviceImages(run.signal)).portable(run);
  return createBundle(
    resolve(cli.cwd, file),
    {
      provided,
      services,
      source: source.kind === 'registry' ? 'registry' : 'packages',
      profile: source.profile.name,
      images,
      toolPlatform: hostPlatform(cli.platform, cli.arch),
      meshdev: await meshdevVersion(cli.packageDir),
      expects: await expectations(join(cli.packageDir, 'dist'), source.profile),
    },
    run,
  );
}

/** What came out of a bundle is in that file already, byte by byte. */
function isOneAlready(bundle: string, file: string): MeshdevError {
  return new MeshdevError('IMAGE_SOURCE_UNAVAILABLE', {
    message: `writing ${file}: the images of this machine come from the bundle ${bundle}; copy that file instead`,
    remedies: [`cp ${bundle} ${file}`, `meshdev bundle create --image-source packages ${file}`],
  });
}

/** What a bundle says of itself; `sha256` is there when every byte was compared. */
export interface SeenBundle {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly manifest: BundleManifest;
}

export async function lookIntoBundle(
  cli: CliContext,
  file: string,
  { verify, timeout }: { readonly verify: boolean; readonly timeout: number | undefined },
): Promise<SeenBundle> {
  const head = await readHead(resolve(cli.cwd, file));
  const { path, bytes, manifest } = head;
  if (!verify) return { path, bytes, sha256: undefined, manifest };
  const run = runScopeOf(cli, { timeout });
  const sha256 = await verifyFile(head, run);
  // A bundle whose parts do not have the digests that it lists was never made by meshdev.
  for (const [index, { digest }] of manifest.blobs.entries()) {
    run.progress(`comparing content · ${index + 1} of ${manifest.blobs.length}`);
    for await (const _ of readBlob(head, digest)) run.signal.throwIfAborted();
  }
  return { path, bytes, sha256, manifest };
}
