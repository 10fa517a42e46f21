import { stripVTControlCharacters } from 'node:util';
import wrapAnsi from 'wrap-ansi';

/** A line that is to be copied as it stands: a command, which the terminal may break but nobody else. */
const COMMAND = /^ *(?:(?:run|try) {2,}|eval |meshdev \w+ -)/;

/** A short first column: a mark, the name of an action, the label of a row. */
const FIRST_COLUMN = /^ *(?:\S(?: ?\S){0,11} {2,}|\S{1,15} {2,}|- )?/;

/** Where a line without a first column goes on. */
const INDENT = 2;

/**
 * Text for a screen of that many columns: lines that are too long are broken between words and go on below
 * the beginning of their text. Without a screen they stay whole, for whoever searches in them.
 */
export function fold(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .map((line) => foldLine(line, columns))
    .join('\n');
}

function foldLine(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  if (plain.length <= columns || COMMAND.test(plain)) return line;
  const start = FIRST_COLUMN.exec(plain)?.[0].length ?? 0;
  const indent = start > columns / 2 ? INDENT : Math.max(start, INDENT);
  // A word that is too long for a row stays whole: it is a digest or an address, and is to be copied.
  const [first = '', ...rest] = wrapAnsi(line, columns, { trim: false }).split('\n');
  const words = rest.map((row) => row.trim()).join(' ');
  const below = wrapAnsi(words, columns - indent)
    .split('\n')
    .map((row) => ' '.repeat(indent) + row);
  return [first.trimEnd(), ...below].filter((row) => row !== '').join('\n');
}
