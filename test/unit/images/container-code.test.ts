import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTAINER_CODE, containerCode, digestOfCode } from '../../../src/images/container-code.ts';

const SOURCES = join(import.meta.dirname, '../../../src');

/** Sources of the code by their places in the image, each with the places that it imports from there. */
async function importsInImage(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = await Promise.all(
    CONTAINER_CODE.map(async ({ dist, image }) =>
      (await readdir(join(SOURCES, dist), { recursive: true }))
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
        .map((name) => ({ from: join(SOURCES, dist, name), to: posix.join(image, name) })),
    ),
  );
  const imports = files.flat().map(async ({ from, to }) => {
    const text = await readFile(from, 'utf8');
    const relative = [...text.matchAll(/(?:from|import) '(\.[^']+\.ts)'/g)].map(([, path = '']) => path);
    return [to, relative.map((path) => posix.join(posix.dirname(to), path))] as const;
  });
  return new Map(await Promise.all(imports));
}

describe('code that runs in containers', () => {
  it('imports only what is in the image, at the place where it lies there', async () => {
    const imports = await importsInImage();
    expect(imports.size).toBeGreaterThan(40);
    const absent = [...imports].flatMap(([file, wanted]) =>
      wanted
        .filter((path) => !imports.has(path) && path !== 'guest/idp/oidc-provider.d.ts')
        .map((path) => `${file}: ${path}`),
    );
    expect(absent).toEqual([]);
  });

  it('has the places that containers of existing labs name', async () => {
    const places = [...(await importsInImage()).keys()];
    expect(places).toEqual(
      expect.arrayContaining(['app-log', 'idp', 'probe', 'imposter'].map((name) => `guest/${name}/main.ts`)),
    );
    expect(places).toContain('guest/probe/idle.ts');
  });

  it('has another digest when one byte of any part is another, and the same for other files of the package', async () => {
    const dist = await mkdtemp(join(tmpdir(), 'meshdev-code-'));
    try {
      for (const { dist: part } of CONTAINER_CODE) {
        await mkdir(join(dist, part), { recursive: true });
        const before = await digestOfCode(dist);
        await writeFile(join(dist, part, 'one.js'), part);
        expect(await digestOfCode(dist)).not.toBe(before);
      }
      const all = await digestOfCode(dist);
      await writeFile(join(dist, 'index.js'), 'more');
      await writeFile(join(dist, 'agent/exec-probe.js'), 'more');
      expect(await digestOfCode(dist)).toBe(all);
      expect((await containerCode(dist)).map(({ to }) => to)).toEqual([
        'guest/imposter/one.js',
        'guest/one.js',
        'guest/probe/one.js',
      ]);
    } finally {
      await rm(dist, { recursive: true });
    }
  });
});
