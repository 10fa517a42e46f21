import type { Problem } from '../problem.ts';
import type { ServiceValues } from './service-schema.ts';
import { MAX_FILE_BYTES, readVolume } from './volume.ts';

/** A file or directory that meshdev.yaml names, relative to itself. */
export interface NamedFile {
  readonly path: Problem['path'];
  readonly file: string;
  readonly wants: 'file' | 'directory' | 'either';
  /** Mounted into a container: part of the project, and small enough for it. */
  readonly mounted?: true;
}

/** What stands there; undefined: nothing does. */
export interface SeenFile {
  readonly kind: 'file' | 'directory' | 'other';
  readonly bytes: number;
  /** Links followed. */
  readonly isInProject: boolean;
}

/** Everything that services name. Pure. */
export function filesNamed(services: Readonly<Record<string, ServiceValues>>): readonly NamedFile[] {
  return Object.entries(services).flatMap(([id, values]) => filesOf(['services', id], values));
}

function filesOf(path: Problem['path'], values: ServiceValues): readonly NamedFile[] {
  const { build, manifests, local, env_file: envFile, secrets = {}, volumes = [] } = values;
  const context = typeof build === 'string' ? build : build?.context;
  const at = (...keys: Problem['path']): Problem['path'] => [...path, ...keys];
  return [
    ...(context === undefined ? [] : [{ path: at('build'), file: context, wants: 'directory' } as const]),
    ...listed(manifests).map((file) => ({ path: at('manifests'), file, wants: 'either' }) as const),
    ...(local?.cwd === undefined
      ? []
      : [{ path: at('local', 'cwd'), file: local.cwd, wants: 'directory' } as const]),
    ...listed(envFile).map((file) => ({ path: at('env_file'), file, wants: 'file' }) as const),
    ...Object.entries(secrets).flatMap(([name, { file }]) =>
      file === undefined ? [] : [{ path: at('secrets', name, 'file'), file, wants: 'file' } as const],
    ),
    ...volumes.flatMap((text, index) => {
      const volume = readVolume(text);
      return 'kind' in volume && volume.kind === 'file'
        ? [{ path: at('volumes', index), file: volume.source, wants: 'file', mounted: true } as const]
        : [];
    }),
  ];
}

function listed(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** What is wrong with a file, given what stands there. Pure. */
export function fileMistake(named: NamedFile, seen: SeenFile | undefined): Problem | undefined {
  const message = mistakeIn(named, seen);
  return message === undefined ? undefined : { path: named.path, message };
}

function mistakeIn({ file, wants, mounted }: NamedFile, seen: SeenFile | undefined): string | undefined {
  if (seen === undefined) return `${file} does not exist`;
  if (wants !== 'either' && seen.kind !== wants) return `${file} is no ${wants}`;
  if (mounted !== true) return undefined;
  if (!seen.isInProject) return `${file} leads outside of the project`;
  return seen.bytes > MAX_FILE_BYTES
    ? `${file} has ${seen.bytes} bytes: 1 MiB at most is mounted`
    : undefined;
}
