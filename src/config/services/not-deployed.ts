import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ConfigFile } from '../schema.ts';

/** What this version does not do with a file; undefined where it does all of it. */
export function notDeployed({ services = {}, sample }: ConfigFile): string | undefined {
  const parts = [
    ...Object.entries(services).flatMap(([id, { egress = [] }]) =>
      egress.length === 0 ? [] : [`services.${id}.egress`],
    ),
    ...(sample === false ? ['sample: false'] : []),
  ];
  return parts.length === 0 ? undefined : `this version validates and does not deploy ${parts.join(', ')}`;
}

/** @throws MeshdevError CONFIG_INVALID for a file of which a part is not deployed: the lab would not be what it says */
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
