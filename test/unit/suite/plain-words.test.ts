import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messagesIn, oddWords } from '../../support/plain-words.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

const pages = (await readdir(join(ROOT, 'docs'), { recursive: true }))
  .filter((name) => name.endsWith('.md'))
  // What the old names were is said where the terms are explained; records of decisions stay as they were written.
  .filter((name) => name !== 'glossary.md' && !name.startsWith('adr/'))
  .map((name) => join('docs', name));

describe('the standard terms', () => {
  it.each(['README.md', 'CHANGELOG.md', ...pages])('are those of %s', async (path) => {
    expect(oddWords(await read(path))).toEqual([]);
  });

  it('are those of every message', async () => {
    const names = (await readdir(join(ROOT, 'src'), { recursive: true })).filter(
      // What runs in containers is part of the images: its words change with the next reason to build them.
      (name) => name.endsWith('.ts') && !name.startsWith('guest/') && !name.startsWith('report/html/'),
    );
    const found: string[] = [];
    for (const name of names)
      for (const message of messagesIn(await read(join('src', name))))
        found.push(...oddWords(message).map((word) => `src/${name}: ${word} (${message})`));
    expect(found).toEqual([]);
  });
});

describe('the lint of words', () => {
  it.each([
    ['the party that refused', ['party: say component']],
    ['Twins of the gateway, and an imposter', ['Twins: say decoy', 'imposter: say rogue server']],
    ['a walk through the chain', ['a walk: say traced request']],
    ['`kubectl -n intruder` and [x](src/checks/walks.ts)', []],
    ['walk the chain', []],
    ['test/sabotage and sabotage-links', []],
  ])('%s', (text, wanted) => {
    expect([...oddWords(text)].toSorted()).toEqual([...wanted].toSorted());
  });

  it('reads messages, and no code', () => {
    const source = "import './walks.ts';\n// a party\nfail('X', `the party ${party} of 'a'`, 'twins');";
    expect(messagesIn(source)).toEqual(["the party … of 'a'"]);
  });
});
