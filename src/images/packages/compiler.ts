import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { packagesDir } from './cache.ts';

const compiler = z.object({ go: z.string() });

function fileIn(cacheDir: string): string {
  return join(packagesDir(cacheDir), 'compiler.json');
}

/** Version of the Go that the stages in the cache were last complete with; empty when nobody wrote it down. */
export async function readCompiler(cacheDir: string): Promise<string> {
  const text = await readFile(fileIn(cacheDir), 'utf8').catch(() => '');
  return compiler.safeParse(parseJson(text)).data?.go ?? '';
}

export async function rememberCompiler(cacheDir: string, go: string): Promise<void> {
  if ((await readCompiler(cacheDir)) === go) return;
  const next = `${fileIn(cacheDir)}.next`;
  await mkdir(packagesDir(cacheDir), { recursive: true });
  await writeFile(next, `${JSON.stringify({ go })}\n`);
  await rename(next, fileIn(cacheDir));
}
