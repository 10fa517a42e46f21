import wrapAnsi from 'wrap-ansi';

const FENCE = '```';
/** The mark of a list item, below whose text it goes on. */
const ITEM = /^ *(?:[-*]|\d+\.) /;

/**
 * A page for a screen of that many columns: prose is broken between words. Blocks of code and tables stay as they
 * are: a command is to be copied, and the terminal breaks it without a line end.
 */
export function foldMarkdown(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  let isCode = false;
  const rows = text.split('\n').map((line) => {
    const isFence = line.startsWith(FENCE);
    if (isFence) isCode = !isCode;
    return isFence || isCode || line.startsWith('|') ? line : foldProse(line, columns);
  });
  return rows.join('\n');
}

function foldProse(line: string, columns: number): string {
  const mark = ITEM.exec(line)?.[0] ?? '';
  const rows = wrapAnsi(line.slice(mark.length), columns - mark.length).split('\n');
  return mark + rows.join(`\n${' '.repeat(mark.length)}`);
}
