import { expect, it } from 'vitest';
import { foldMarkdown } from '../../../src/report/fold-markdown.ts';

const folded = (...lines: readonly string[]): readonly string[] =>
  foldMarkdown(lines.join('\n'), 20).split('\n');

it('breaks prose between words, and items below their text', () => {
  expect(folded('# A title that is long', '', 'one two three four five six')).toEqual([
    '# A title that is',
    'long',
    '',
    'one two three four',
    'five six',
  ]);
  expect(folded('- one two three four five', '1. one two three four five')).toEqual([
    '- one two three four',
    '  five',
    '1. one two three',
    '   four five',
  ]);
});

it('leaves what is copied or has columns as it is', () => {
  const code = ['```', '$ curl --cacert "$CA" https://a.example/with/a/path', '```'];
  const table = '| a cell with words | another one |';
  expect(folded(...code, table)).toEqual([...code, table]);
});

it('breaks prose after a block of code', () => {
  expect(folded('```sh', 'a', '```', 'one two three four five')).toEqual([
    '```sh',
    'a',
    '```',
    'one two three four',
    'five',
  ]);
});

it('leaves all of it whole where there is no screen', () => {
  const line = 'one two three four five six';
  expect(foldMarkdown(line, undefined)).toBe(line);
});
