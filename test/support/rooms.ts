import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** Files below src, each with the files that it imports, types included. */
export type Imports = ReadonlyMap<string, readonly string[]>;

const SOURCES = join(import.meta.dirname, '../../src');
/** `from '…'`, `import('…')` and `import '…'` of a file of our own. */
const IMPORT = /(?:\bfrom|\bimport\(?)\s*'(\.{1,2}\/[^']+)'/g;

export async function importsOfSources(): Promise<Imports> {
  const files = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return new Map(
    await Promise.all(
      files.map(async (name) => {
        const file = name.replaceAll('\\', '/');
        const text = await readFile(join(SOURCES, name), 'utf8');
        return [
          file,
          [...text.matchAll(IMPORT)].map(([, path = '']) => posix.join(posix.dirname(file), path)),
        ] as const;
      }),
    ),
  );
}

/** Groups of files that import each other in a circle; `[]` where there is none. */
export function circles(imports: Imports): readonly (readonly string[])[] {
  const reached = new Map([...imports.keys()].map((file) => [file, reachedFrom(file, imports)]));
  const inCircle = [...imports.keys()].filter((file) => reached.get(file)?.has(file));
  const groups = inCircle.map((file) =>
    inCircle.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)),
  );
  return groups.filter((group, index) => groups.findIndex(([first]) => first === group[0]) === index);
}

function reachedFrom(start: string, imports: Imports): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [...(imports.get(start) ?? [])];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    next.push(...(imports.get(file) ?? []));
  }
  return reached;
}

/** Imports from one room to another, as `checks/check.ts -> probe/collect.ts`. */
export function importsBetween(imports: Imports, from: string, to: string): readonly string[] {
  return [...imports].flatMap(([file, wanted]) =>
    file.startsWith(`${from}/`)
      ? wanted.filter((path) => path.startsWith(`${to}/`)).map((path) => `${file} -> ${path}`)
      : [],
  );
}
