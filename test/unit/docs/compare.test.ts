import { describe, expect, it } from 'vitest';
import { mismatch } from '../../support/docs/compare.ts';

const compare = (documented: string, printed: string): string | undefined =>
  mismatch(documented.split('\n'), printed);

describe('is the same', () => {
  it.each([
    ['word for word', 'one\ntwo', 'one\ntwo\n'],
    ['without blanks at the ends', 'one\n\n', '\none  \n'],
    ['nothing', '', '\n'],
    ['any number of lines left out', 'one\n…\nfour', 'one\ntwo\nthree\nfour'],
    ['no line left out', 'one\n…\ntwo', 'one\ntwo'],
    ['the beginning left out', '…\ntwo', 'one\ntwo'],
    ['the end left out', 'one\n…', 'one\ntwo'],
    ['an indented mark', 'one\n    …\nthree', 'one\ntwo\nthree'],
    ['text left out within a line', 'a … c, (…)', 'a b+ c, (x)'],
    ['a chunk that begins twice', '…\none\ntwo\n…', 'one\none\ntwo\n'],
    ['the same line twice', '…\none\n…\none', 'one\none'],
    ['durations', 'done in 0.4 s', 'done in 12 s'],
    ['digests', `sha256:${'a'.repeat(64)}`, `sha256:${'0'.repeat(64)}`],
    ['keys of images', 'edge:f0ad31162fac08f6', 'edge:0000000000000000'],
    ['ids of requests', 'a43c86ac-d415-4f13-88fc-acef92c2eb6c', '00000000-d415-4f13-88fc-acef92c2eb6c'],
    ['addresses of a network', 'network 172.19.0.0/16', 'network 172.18.0.0/16'],
    ['sizes', '513 MB', '1 MB'],
    ['sizes in a column', 'a     58 MB  b', 'a    158 MB  b'],
    ['counts', '162 checks (57 negative): 2078 pass, 0 fail', '9 checks (8 negative): 7 pass, 0 fail'],
  ])('%s', (_, documented, printed) => {
    expect(compare(documented, printed)).toBeUndefined();
  });
});

describe('is not the same', () => {
  it.each([
    ['a changed word', 'one two\n…', 'one too\nthree'],
    ['a changed word after what is left out', '…\nlast line', 'one\nlast time'],
    ['a changed word beside a variable form', 'done in 0.4 s', 'ended in 0.4 s'],
    ['a changed word beside text left out', 'a … c', 'a b d'],
    ['a line that is missing', 'one\ntwo', 'one'],
    ['a line too many at the end', 'one', 'one\ntwo'],
    ['a line too many at the beginning', 'two', 'one\ntwo'],
    ['a line too many between', 'one\nthree', 'one\ntwo\nthree'],
    ['another order', 'one\n…\ntwo\n…', 'two\none'],
    ['output where none is documented', '', 'one'],
    ['no output where some is documented', 'one', ''],
    ['one line for two', 'one\n…\none', 'one'],
    ['a variable form that is missing', 'done in 0.4 s', 'done in'],
    ['some failures for none', '0 fail', '1 fail'],
    ['none for some', '2 fail', '0 fail'],
    ['another address of this machine', '127.0.0.1:443', '127.0.0.2:443'],
    ['signs that mean something in a pattern', 'a.c', 'abc'],
  ])('%s', (_, documented, printed) => {
    expect(compare(documented, printed)).toBeDefined();
  });

  it('names the line that was not printed, and what was', () => {
    expect(compare('one\n…\ntwo\nthree\n…', 'one\ntoo\ntwo\nfour')).toBe(
      'documented: "three"\nprinted: "four"\n--- all that was printed here\ntoo\ntwo\nfour',
    );
    expect(compare('one', 'one\ntwo')).toMatch(/^documented: nothing more\nprinted: "two"\n/);
    expect(compare('one', '')).toMatch(/^documented: "one"\nprinted: nothing more\n/);
  });
});
