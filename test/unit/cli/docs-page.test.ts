import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../../src/cli/docs-page.ts';
import { DOCS_TOPICS } from '../../../src/cli/docs-topics.ts';
import { runCli } from '../../support/run-cli.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('meshdev docs', () => {
  it('has every page of docs/, and no other', async () => {
    const pages = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
    expect(DOCS_TOPICS.map(({ topic }) => `${topic}.md`).toSorted()).toEqual(pages.toSorted());
  });

  it('lists them', async () => {
    const { exitCode, out } = await runCli(['docs']);
    expect(exitCode).toBe(0);
    for (const { topic, title } of DOCS_TOPICS)
      expect(out).toMatch(new RegExp(`^  ${topic} +${title}$`, 'm'));
  });

  it.each(['errors', 'ERRORS', 'errors.md', 'docs/errors.md', 'docs/errors.md#exit-codes'])(
    'shows a page by %s',
    async (word) => {
      expect((await readPage(ROOT, word)).topic).toBe('errors');
      expect((await runCli(['docs', word])).out).toMatch(/^# /);
    },
  );

  it.each(DOCS_TOPICS.map(({ topic }) => topic))(
    'shows no note for tests or generators in %s',
    async (topic) => {
      const { markdown } = await readPage(ROOT, topic);
      expect(markdown).not.toMatch(/^<!--/m);
      expect(markdown).not.toMatch(/\n{3}/);
    },
  );

  it('names what is spelt like it', async () => {
    const { exitCode, err } = await runCli(['docs', 'erors']);
    expect(exitCode).toBe(2);
    expect(err).toContain('did you mean errors?\n  run    meshdev docs errors\n');
  });
});

describe('remedies', async () => {
  const files = (await readdir(join(ROOT, 'src'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const { readFile } = await import('node:fs/promises');

  it('name pages by the command that shows them, wherever meshdev is installed', async () => {
    const told: string[] = [];
    for (const name of files) {
      const text = await readFile(join(ROOT, 'src', name), 'utf8');
      const code = text.replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '');
      told.push(
        ...[...code.matchAll(/[^`'\n]*docs\/[a-z-]+\.md[^`'\n]*/g)].map(([line]) => `${name}: ${line}`),
      );
      for (const [, topic] of code.matchAll(/meshdev docs ([a-z-]+)/g))
        expect(DOCS_TOPICS.map((each) => each.topic)).toContain(topic);
    }
    expect(told).toEqual([]);
  });
});
