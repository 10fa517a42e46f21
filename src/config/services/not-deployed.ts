import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ConfigFile } from '../schema.ts';

/** What this version does not do with a file; undefined where it does all of it. */
export function notDeployed({ services, identity, sample }: ConfigFile): string | undefined {
  const keys = [
    ...(Object.keys(services ?? {}).length > 0 ? ['services'] : []),
    ...(Object.keys(identity?.users ?? {}).length > 0 ? ['identity.users'] : []),
    ...(sample === false ? ['sample: false'] : []),
  ];
  return keys.length === 0
    ? undefined
    : `${keys.join(' and ')}: services are validated, not deployed yet by this version`;
}

/** @throws MeshdevError CONFIG_INVALID for a file with services: a lab without them would not be what it says */
export function refuseNotDeployed(
  file: { readonly path: string; readonly values: ConfigFile } | undefined,
): void {
  const message = file === undefined ? undefined : notDeployed(file.values);
  if (message === undefined) return;
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading ${file?.path}: ${message}`,
    remedies: [`meshdev config validate ${file?.path}`, 'meshdev docs services'],
  });
}
