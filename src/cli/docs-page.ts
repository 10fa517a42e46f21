import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, nearest } from '../nearest.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { DOCS_TOPICS, type DocsTopic } from './docs-topics.ts';

/** What tests and generators note in a page, with the empty line after it. */
const COMMENT = /^<!-- .* -->\n\n?/gm;

export interface DocsPage extends DocsTopic {
  readonly markdown: string;
}

/**
 * A page as it is in the package. `docs/images.md` and `images.md` are taken for its topic.
 * @throws MeshdevError USAGE with what is spelt like it
 */
export async function readPage(packageDir: string, word: string): Promise<DocsPage> {
  const wanted = word
    .toLowerCase()
    .replace(/^docs\//, '')
    .replace(/\.md(?:#.*)?$/, '');
  const found = DOCS_TOPICS.find(({ topic }) => topic === wanted);
  if (found === undefined) throw noPage(word, wanted);
  const markdown = await readFile(join(packageDir, 'docs', `${found.topic}.md`), 'utf8');
  return { ...found, markdown: markdown.replaceAll(COMMENT, '') };
}

function noPage(word: string, wanted: string): MeshdevError {
  const near = nearest(
    wanted,
    DOCS_TOPICS.map(({ topic }) => topic),
  );
  return new MeshdevError('USAGE', {
    message: `looking for a page: there is no topic ${JSON.stringify(word)}${didYouMean(near)}`,
    remedies: near.length === 0 ? ['meshdev docs'] : near.map((topic) => `meshdev docs ${topic}`),
  });
}
