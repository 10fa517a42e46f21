import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { must } from './e2e-program.ts';
import { testCache } from './test-cache.ts';

const ROOT = join(import.meta.dirname, '../..');
const Manifest = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+\.\d+$/) }) });

/** The lowest version that package.json promises to run on. */
export async function lowestNode(): Promise<string> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  return manifest.engines.node.slice('>='.length);
}

/** The newest of the lowest line: what a machine of today has that did not move on to the next one. */
export const NEWEST_22 = '22.23.5';

/** The newest of the line that meshdev brings for a checkout. */
export const NEWEST_24 = '24.21.0';

/** Path of that version of Node.js; npm fetches it once into the user's cache. */
export async function nodeProgram(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const home = testCache(`${name}-${version}`);
  const cache = dirname(home);
  const program = join(home, 'node_modules', name, 'bin', 'node');
  if (await isThere(program)) return program;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'fetching-'));
  try {
    const quietly = ['--no-save', '--no-audit', '--no-fund', '--no-bin-links'];
    await must('npm', ['install', '--prefix', fresh, ...quietly, `${name}@${version}`]);
    // Whoever comes second finds it there, whole.
    await rename(fresh, home).catch(async (error: unknown) => {
      if (!(await isThere(program))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return program;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
