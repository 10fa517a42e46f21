import { MeshdevError } from '../errors/meshdev-error.ts';
import type { LabRecord } from '../lab/lab-record.ts';
import type { ProfileName } from '../profiles.ts';
import type { SourceKind } from '../ports/image-source.ts';
import type { CliContext } from './cli-context.ts';
import type { CommonOptions } from './options.ts';

export interface ProfileInForce {
  readonly name: ProfileName;
  readonly because: string;
}

/** Of the lab that is there, else of the one that `up` would make; asks neither network nor engine. */
export async function profileInForce(
  cli: CliContext,
  options: Partial<CommonOptions>,
): Promise<ProfileInForce> {
  const { openLab } = await import('./wire.ts');
  try {
    const { record, config, settings } = await openLab(cli, options);
    return profileOf(record, { source: config.imageSource.value, profile: settings.profile });
  } catch (error) {
    // Versions are asked for when something is wrong: a broken meshdev.yaml must not hide them.
    if (!(error instanceof MeshdevError)) throw error;
    return {
      name: 'official',
      because: `the default, because the configuration is not usable: ${error.message}`,
    };
  }
}

/** Pure. */
export function profileOf(
  record: LabRecord | undefined,
  wanted: { readonly source: SourceKind | undefined; readonly profile: ProfileName },
): ProfileInForce {
  if (record !== undefined) {
    const { kind, profile } = record.imageSource;
    const because = `lab ${record.name} was created with image source ${kind}`;
    return { name: profile ?? (kind === 'packages' ? 'stock' : wanted.profile), because };
  }
  if (wanted.source === 'packages') return { name: 'stock', because: 'image source packages is configured' };
  return {
    name: wanted.profile,
    because:
      wanted.profile === 'official'
        ? '`up` uses it with image source registry; image source packages uses profile stock'
        : 'profile stock is configured',
  };
}
