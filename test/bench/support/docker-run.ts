import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerPlan } from '../../../src/engine/container-plan.ts';
import type { ContainerFile } from '../../../src/ports/container-engine.ts';

/**
 * The arguments of `docker run` for a container that meshdev makes through the engine's API. Its files
 * are written below `dir` and mounted, as one does by hand.
 */
export async function dockerRunArguments(
  { spec, files }: ContainerPlan,
  dir: string,
): Promise<readonly string[]> {
  const mounts = await Promise.all(files.map((file, index) => mountOf(file, join(dir, spec.name), index)));
  const [entrypoint, ...rest] = spec.entrypoint ?? [];
  return [
    'run',
    '--detach',
    '--name',
    spec.name,
    '--network',
    spec.network,
    ...(spec.aliases ?? []).flatMap((alias) => ['--network-alias', alias]),
    ...(spec.ports ?? []).flatMap((port) => [
      '--publish',
      `${port.hostAddress}:${port.hostPort}:${port.containerPort}`,
    ]),
    ...Object.entries(spec.env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(spec.user === undefined ? [] : ['--user', spec.user]),
    ...(spec.capDrop ?? []).flatMap((cap) => ['--cap-drop', cap]),
    ...(spec.capAdd ?? []).flatMap((cap) => ['--cap-add', cap]),
    ...(spec.noNewPrivileges === true ? ['--security-opt', 'no-new-privileges'] : []),
    ...(spec.volumes ?? []).flatMap(({ target }) => ['--tmpfs', target]),
    ...mounts.flat(),
    ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
    spec.image,
    ...rest,
    ...(spec.command ?? []),
  ];
}

async function mountOf(file: ContainerFile, dir: string, index: number): Promise<readonly string[]> {
  if (file.content === undefined) return ['--tmpfs', file.path];
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const path = join(dir, String(index));
  await writeFile(path, file.content, { mode: file.mode });
  await chown(path, file.uid ?? 0, file.gid ?? 0);
  return ['--volume', `${path}:${file.path}:ro`];
}
