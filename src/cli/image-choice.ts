import { dirname, resolve } from 'node:path';
import type { ImageSettings } from '../config/image-settings.ts';
import { type Config, RECORDED, type Sourced } from '../config/resolve.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Wishes } from '../images/choose-source.ts';
import type { LabRecord } from '../lab/lab-record.ts';

/** What a path may be relative to: the file that names it, or the directory of the command. */
export interface Places {
  readonly cwd: string;
  readonly configFile: string | undefined;
}

/** The settings of a configuration, with absolute paths. Pure. */
export function imageSettings({ images }: Config, places: Places): ImageSettings {
  const path = (name: 'bundle' | 'ca' | 'lock'): Partial<Record<typeof name, string>> => {
    const given = images[name];
    return given.value === undefined ? {} : { [name]: absolute(given.value, given, places) };
  };
  const { mirror, profile, downloads } = images;
  const plain = { mirror: mirror.value, profile: profile.value, downloads: downloads.value };
  return { ...plain, ...path('bundle'), ...path('ca'), ...path('lock') };
}

function absolute(path: string, { origin }: Sourced<unknown>, { cwd, configFile }: Places): string {
  return resolve(origin === configFile ? dirname(resolve(cwd, configFile)) : cwd, path);
}

/**
 * What is asked for outright: a source, a bundle, or a mirror on the command line. A mirror that is
 * only configured says where the registry is, not that there is no other way. A bundle or a mirror
 * on the command line beats a source that is only configured. Pure.
 * @throws MeshdevError USAGE when the command line wants two sources at once
 */
export function wishesOf({ imageSource, images }: Config, record: LabRecord | undefined): Wishes {
  const { bundle, mirror } = images;
  if (bundle.value !== undefined && bundle.origin === '--bundle') {
    refuseTwoSources(bundle.value, { imageSource, images });
    return { asked: { kind: 'bundle', origin: bundle.origin } };
  }
  if (mirror.origin === '--mirror' && imageSource.origin !== '--image-source')
    return { asked: { kind: 'registry', origin: mirror.origin } };
  if (imageSource.value !== undefined)
    return { asked: { kind: imageSource.value, origin: imageSource.origin } };
  if (bundle.value !== undefined && bundle.origin !== RECORDED)
    return { asked: { kind: 'bundle', origin: bundle.origin } };
  return { recorded: record?.imageSource };
}

/** Which of them was meant is not ours to guess, and one of them would be ignored in silence. */
function refuseTwoSources(
  bundle: string,
  { imageSource, images }: Pick<Config, 'imageSource' | 'images'>,
): void {
  const named = imageSource.value;
  const others = [
    ...(imageSource.origin === '--image-source' && named !== undefined && named !== 'bundle'
      ? [`--image-source names ${named}`]
      : []),
    ...(images.mirror.origin === '--mirror' ? ['--mirror requires the source registry'] : []),
  ];
  if (others.length === 0) return;
  throw new MeshdevError('USAGE', {
    message: `choosing the image source: --bundle names ${bundle}, and ${others.join(', and ')}`,
    remedies: [`meshdev up --bundle ${bundle}`, 'meshdev docs images'],
  });
}
