import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ADMIN, APP_ID, INTERNAL_ID, ROLELESS, VIEWER } from '../../../src/sample/names.ts';

const SOURCES = join(import.meta.dirname, '../../../src');
/** Where the sample is described, and the versions that it is built from. */
const OF_THE_SAMPLE = /^(?:sample\/|versions\.ts$)/;
const WORDS = new RegExp(`\\b(?:${[APP_ID, INTERNAL_ID, ADMIN, VIEWER, ROLELESS].join('|')})\\b`);

it('nothing but the sample knows its services and its people', async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const found = await Promise.all(
    files
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => !OF_THE_SAMPLE.test(name))
      .map(async (name) => {
        const lines = (await readFile(join(SOURCES, name), 'utf8')).split('\n');
        return lines.flatMap((line, at) => (WORDS.test(line) ? [`${name}:${at + 1}: ${line.trim()}`] : []));
      }),
  );
  expect(found.flat()).toEqual([]);
});
