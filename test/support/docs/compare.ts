import { withoutVariables } from './variable-forms.ts';

/** A stretch that a document leaves out: alone on a line any number of lines, within a line any text. */
const ELLIPSIS = '…';

type Lines = readonly string[];

/** Where a chunk begins in what was seen; -1 for nowhere. */
type Place = (chunk: Lines, from: number) => number;

/**
 * Compares what a document says that a command prints with what it printed.
 * @returns undefined where they are the same; otherwise the first line of the document that was not seen
 */
export function mismatch(documented: Lines, printed: string): string | undefined {
  const seen = trimmed(printed.split('\n')).map(withoutVariables);
  const chunks = chunksOf(trimmed(documented));
  let from = 0;
  for (const [at, chunk] of chunks.entries()) {
    const place = placeOf(seen, at === 0, at === chunks.length - 1);
    const found = place(chunk, from);
    if (found < 0) return complaint(chunk, seen, from);
    from = found + chunk.length;
  }
  return undefined;
}

/** The first chunk begins the output and the last one ends it: what is left out is marked. */
function placeOf(seen: Lines, isFirst: boolean, isLast: boolean): Place {
  return (chunk, from) => {
    const end = seen.length - chunk.length;
    const candidates = isLast ? [end] : range(from, end);
    return candidates.find((at) => at >= from && (!isFirst || at === 0) && isAt(chunk, seen, at)) ?? -1;
  };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}

function isAt(chunk: Lines, seen: Lines, at: number): boolean {
  return chunk.every((line, offset) => isSame(line, seen[at + offset]));
}

function isSame(documented: string, seen: string | undefined): boolean {
  if (seen === undefined) return false;
  const parts = withoutVariables(documented).split(ELLIPSIS).map(literally);
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(seen);
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function chunksOf(lines: Lines): readonly Lines[] {
  const chunks: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === ELLIPSIS) chunks.push([]);
    else chunks.at(-1)?.push(line);
  }
  return chunks;
}

/** Without blanks at the ends of lines, and without empty lines before and after. */
function trimmed(lines: Lines): Lines {
  const short = lines.map((line) => line.trimEnd());
  const first = short.findIndex((line) => line !== '');
  return first < 0 ? [] : short.slice(first, short.findLastIndex((line) => line !== '') + 1);
}

/** Where the chunk goes furthest, and what stands there instead of its next line. */
function complaint(chunk: Lines, seen: Lines, from: number): string {
  const rest = seen.slice(from);
  const length = (at: number): number => chunk.findIndex((line, offset) => !isSame(line, rest[at + offset]));
  const reached = rest.map((_, at) => ({ at, lines: length(at) < 0 ? chunk.length : length(at) }));
  const { at, lines } = reached.toSorted((a, b) => b.lines - a.lines)[0] ?? { at: 0, lines: 0 };
  const documented = JSON.stringify(chunk[lines]) ?? 'nothing more';
  const printed = JSON.stringify(rest[at + lines]) ?? 'nothing more';
  return `documented: ${documented}\nprinted: ${printed}\n--- all that was printed here\n${rest.join('\n')}`;
}
