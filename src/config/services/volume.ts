import type { ServiceVolume } from '../../topology/service.ts';

/** Kubernetes keeps the file in a ConfigMap, which holds 1 MiB at most. */
export const MAX_FILE_BYTES = 1024 * 1024;

/** `/path` or `./file:/path[:ro]`, as compose writes them. */
export function readVolume(text: string): ServiceVolume | { readonly refused: string } {
  const [source = '', at, mode, ...rest] = text.split(':');
  if (at === undefined)
    return isTarget(source) ? { kind: 'empty', at: source } : { refused: 'must be an absolute path' };
  if (rest.length > 0) return { refused: 'must be /path, or ./file:/path' };
  const refused = refusal(source, at, mode);
  return refused === undefined ? { kind: 'file', source, at } : { refused };
}

export function volumeProblem(text: string): string | undefined {
  const volume = readVolume(text);
  return 'refused' in volume ? volume.refused : undefined;
}

function refusal(source: string, at: string, mode: string | undefined): string | undefined {
  if (source.startsWith('/') || source.startsWith('~'))
    return `${source} is a path of this machine: the node of the lab does not have it. Files of the project are allowed, such as ./file:${at}`;
  if (!source.startsWith('.'))
    return `${source} is a named volume, which a lab does not keep. ${at} alone is an empty directory`;
  if (source.split('/').includes('..')) return `${source} is outside of the project`;
  if (/^\.\/?$/.test(source) || source.endsWith('/'))
    return `${source} is a directory: only files are mounted, each by its name`;
  if (!isTarget(at)) return 'must be an absolute path in the container after ":"';
  if (mode !== undefined && mode !== 'ro') return `"${mode}" is not supported: files are mounted read-only`;
  return undefined;
}

function isTarget(path: string): boolean {
  return /^\/[^\s:]+$/.test(path) && !path.split('/').includes('..');
}
