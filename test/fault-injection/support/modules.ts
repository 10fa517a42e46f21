import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { sha256 } from './choose.ts';
import type { FaultInjection } from './fault-injection.ts';

const FOLDER = join(import.meta.dirname, '..');
const ROOT = join(FOLDER, '../..');

/** A module and what it exports. */
export interface FaultModule {
  /** Its path below test/fault-injection. */
  readonly name: string;
  readonly fault: FaultInjection;
  /** Of the module, of what it builds on and of the code that it is about. */
  readonly digest: string;
}

/** Folder of the modules that need two services of meshdev.yaml. */
const OF_SERVICES = 'services/';

/** Each module below a folder of a category exports one `fault`; in the order of their names. */
export async function readModules(of: 'lab' | 'services' = 'lab'): Promise<readonly FaultModule[]> {
  const all = (await paths(FOLDER, '*/*.ts')).filter((name) => !/^(support|harmless)\//.test(name));
  const names = all.filter((name) => name.startsWith(OF_SERVICES) === (of === 'services'));
  const common = await digestOfFiles([
    ...(await paths(ROOT, 'src/**/*.ts')),
    ...(await paths(ROOT, 'templates/**')),
    ...(await paths(ROOT, 'test/fault-injection/support/*.ts')),
  ]);
  return Promise.all(
    names.map(async (name) => {
      const { fault }: { readonly fault: FaultInjection } = await import(join(FOLDER, name));
      const own = await readFile(join(FOLDER, name), 'utf8');
      return { name, fault, digest: sha256(`${common} ${own}`).slice(0, 16) };
    }),
  );
}

async function digestOfFiles(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    files.map(async (file) => sha256(await readFile(join(ROOT, file), 'utf8'))),
  );
  return sha256(files.map((file, at) => `${file} ${texts[at]}`).join('\n'));
}

async function paths(cwd: string, pattern: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of glob(pattern, { cwd, withFileTypes: true }))
    if (entry.isFile()) found.push(relative(cwd, join(entry.parentPath, entry.name)));
  return found.toSorted();
}
