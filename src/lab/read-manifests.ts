import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ManifestProblem } from '../config/manifests/manifest-object.ts';
import type { ManifestText } from '../config/manifests/parse-manifests.ts';
import { type UnderstoodManifests, understandManifests } from '../config/manifests/understand.ts';
import type { ConfigFile } from '../config/schema.ts';
import { DEFAULT_NAMESPACE } from '../config/services/derive.ts';
import { textOf } from '../errors/meshdev-error.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import { KUSTOMIZATIONS, renderKustomize } from './render-kustomize.ts';

interface Reader {
  /** Where the paths of meshdev.yaml begin. */
  readonly dir: string;
  readonly runner: ProcessRunner;
  readonly signal: AbortSignal;
}

/** Reads the manifests of all services of a file. What is wrong with them is in the result, not thrown. */
export async function readManifests(
  { services = {} }: ConfigFile,
  reader: Reader,
): Promise<UnderstoodManifests> {
  const read = await Promise.all(
    Object.entries(services).flatMap(([id, values]) => {
      const { manifests } = values;
      if (manifests === undefined) return [];
      const paths = typeof manifests === 'string' ? [manifests] : manifests;
      return [readService(id, paths, reader).then((found) => ({ id, values, ...found }))];
    }),
  );
  const missing = read.flatMap(({ problems }) => problems);
  const complete = read.filter(({ problems }) => problems.length === 0);
  const { facts, sets, problems } = understandManifests(complete, DEFAULT_NAMESPACE);
  return { facts, sets, problems: [...missing, ...problems] };
}

interface Found {
  readonly texts: readonly ManifestText[];
  readonly problems: readonly ManifestProblem[];
}

async function readService(id: string, paths: readonly string[], reader: Reader): Promise<Found> {
  const read = await Promise.all(paths.map((path) => readPath(path, reader)));
  return {
    texts: read.flatMap((each) => ('problem' in each ? [] : each.texts)),
    problems: read.flatMap((each) => ('problem' in each ? [{ service: id, message: each.problem }] : [])),
  };
}

type PathRead = { readonly texts: readonly ManifestText[] } | { readonly problem: string };

async function readPath(path: string, reader: Reader): Promise<PathRead> {
  const absolute = resolve(reader.dir, path);
  try {
    const found = await stat(absolute);
    return found.isDirectory()
      ? await readDirectory(path, absolute, reader)
      : await readFiles([path], reader);
  } catch (cause) {
    const gone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return { problem: gone ? `${path} does not exist` : `${path} cannot be read: ${textOf(cause)}` };
  }
}

/** As `kubectl apply -f`: what is in directories below is not read. */
async function readDirectory(path: string, absolute: string, reader: Reader): Promise<PathRead> {
  const names = (await readdir(absolute)).toSorted();
  if (names.some((name) => KUSTOMIZATIONS.includes(name))) {
    const rendered = await renderKustomize(
      reader.runner,
      { directory: absolute, shown: path },
      reader.signal,
    );
    return 'problem' in rendered ? rendered : { texts: [rendered] };
  }
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name));
  return files.length === 0
    ? { problem: `${path} has no file that ends with .yaml, .yml or .json` }
    : readFiles(
        files.map((name) => join(path, name)),
        reader,
      );
}

async function readFiles(files: readonly string[], { dir }: Reader): Promise<PathRead> {
  const texts = await Promise.all(
    files.map(async (file) => ({ name: join(file), text: await readFile(resolve(dir, file), 'utf8') })),
  );
  return { texts };
}
