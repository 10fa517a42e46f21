import { describe, expect, it } from 'vitest';
import { parseDockerignore } from '../../../../src/images/services/dockerignore.ts';

interface Row {
  readonly rules: readonly string[];
  readonly ignored: readonly string[];
  readonly kept: readonly string[];
}

describe('.dockerignore', () => {
  const rows: readonly Row[] = [
    {
      rules: ['node_modules'],
      ignored: ['node_modules', 'node_modules/a/b'],
      kept: ['a/node_modules', 'node'],
    },
    { rules: ['/dist/'], ignored: ['dist', 'dist/x'], kept: ['a/dist'] },
    { rules: ['./a//b/'], ignored: ['a/b', 'a/b/c'], kept: ['a', 'a/c'] },
    { rules: ['*.md'], ignored: ['README.md', '.md'], kept: ['docs/a.md', 'README.mdx'] },
    { rules: ['*/temp*'], ignored: ['a/temp', 'a/temporary.txt', 'a/temp/x'], kept: ['temp', 'a/b/temp'] },
    { rules: ['*/*/temp*'], ignored: ['a/b/tempest'], kept: ['a/temp', 'a/b/c/temp'] },
    { rules: ['temp?'], ignored: ['tempa', 'temp1'], kept: ['temp', 'tempab', 'a/tempa'] },
    { rules: ['**/*.go'], ignored: ['a.go', 'a/b.go', 'a/b/c.go'], kept: ['a.gox'] },
    { rules: ['**/.git'], ignored: ['.git', 'a/.git/config'], kept: ['a.git', '.github'] },
    { rules: ['a/**'], ignored: ['a/b', 'a/b/c'], kept: ['a', 'ab'] },
    { rules: ['a/**/z'], ignored: ['a/z', 'a/b/z', 'a/b/c/z'], kept: ['a/bz', 'z'] },
    { rules: ['**'], ignored: ['a', 'a/b'], kept: [] },
    { rules: ['# a', '', '  ', 'b '], ignored: ['b'], kept: ['a', '# a', '#'] },
    { rules: [' #a'], ignored: ['#a'], kept: ['a'] },
    { rules: ['b\r', 'c\r'], ignored: ['b', 'c'], kept: ['d'] },
    { rules: ['*.md', '!README.md'], ignored: ['a.md'], kept: ['README.md'] },
    {
      rules: ['*.md', '!README*.md', 'README-secret.md'],
      ignored: ['a.md', 'README-secret.md'],
      kept: ['README-a.md'],
    },
    { rules: ['*.md', 'README-secret.md', '!README*.md'], ignored: ['a.md'], kept: ['README-secret.md'] },
    {
      rules: ['*', '!src', '! /package.json'],
      ignored: ['a', 'b/src'],
      kept: ['src', 'src/a/b', 'package.json'],
    },
    { rules: ['a', '!a/b/keep'], ignored: ['a', 'a/b', 'a/b/c'], kept: ['a/b/keep', 'a/b/keep/x'] },
    { rules: ['*', '!**/keep.txt'], ignored: ['a', 'a/b.txt'], kept: ['keep.txt', 'a/b/keep.txt'] },
    { rules: ['[a-c].txt'], ignored: ['a.txt', 'c.txt'], kept: ['d.txt'] },
    { rules: ['[^a].txt'], ignored: ['b.txt'], kept: ['a.txt'] },
    { rules: [String.raw`\*.txt`], ignored: ['*.txt'], kept: ['a.txt'] },
    {
      rules: ['a.b', 'c+(d)', 'e{1}|f'],
      ignored: ['a.b', 'c+(d)', 'e{1}|f'],
      kept: ['aXb', 'ccd', 'e', 'f'],
    },
    { rules: ['../x'], ignored: [], kept: ['x'] },
    { rules: ['\uFEFFx'], ignored: ['x'], kept: [] },
  ];

  it.each(rows)('$rules', ({ rules, ignored, kept }) => {
    const { ignores } = parseDockerignore(rules.join('\n'));
    expect(ignored.filter((path) => !ignores(path))).toEqual([]);
    expect(kept.filter((path) => ignores(path))).toEqual([]);
  });

  it('refuses an exception of nothing, and an open class', () => {
    expect(() => parseDockerignore('a\n!\n')).toThrow(SyntaxError);
    expect(() => parseDockerignore('[a')).toThrow(SyntaxError);
  });

  it('prunes an ignored directory where no exception can lead below it', () => {
    const pruned = (...rules: readonly string[]) => parseDockerignore(rules.join('\n')).prunes('a/b');
    expect(pruned('a')).toBe(true);
    expect(pruned('a', '!c')).toBe(true);
    expect(pruned('a', '!a/bc')).toBe(true);
    expect(pruned('a', '!a/c/*.txt')).toBe(true);
    expect(pruned('a', '!a/b/c')).toBe(false);
    expect(pruned('a', '!a/*/c')).toBe(false);
    expect(pruned('a', '!**/c')).toBe(false);
    expect(pruned('a', '!a/b*')).toBe(false);
  });
});
