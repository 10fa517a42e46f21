import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Problem } from './problem.ts';
import type { ConfigFile } from './schema.ts';
import { fileMistake, filesNamed, type SeenFile } from './services/project-files.ts';

/** Files that a configuration names and that are not there, or not as they have to be. Reads no contents. */
export async function fileMistakes(path: string, { services = {} }: ConfigFile): Promise<readonly Problem[]> {
  const project = dirname(resolve(path));
  const judged = await Promise.all(
    filesNamed(services).map(async (named) => fileMistake(named, await look(project, named.file))),
  );
  return judged.filter((problem) => problem !== undefined);
}

async function look(project: string, file: string): Promise<SeenFile | undefined> {
  try {
    const [real, root] = await Promise.all([realpath(resolve(project, file)), realpath(project)]);
    const found = await stat(real);
    const way = relative(root, real);
    return {
      kind: found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other',
      bytes: found.size,
      isInProject: !way.startsWith('..') && !isAbsolute(way),
    };
  } catch {
    return undefined;
  }
}
