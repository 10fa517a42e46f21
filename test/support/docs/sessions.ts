/**
 * When a session of the documentation is run: each moment is a place in the story of test/e2e/lab.test.ts.
 * `lab` is meant where a document says nothing.
 */
export const MOMENTS = ['no lab', 'first up', 'lab', 'repair', 'down', 'bundle'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What the comment above a block declares. */
export type Mark =
  | { readonly kind: 'run'; readonly moment: Moment }
  | { readonly kind: 'not run'; readonly reason: string };

/** One line after `$`, and what the document says that it prints. */
export interface DocumentedCommand {
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
}

/** A block of a document that shows a shell: it has at least one line that begins with `$`. */
export interface Session {
  readonly file: string;
  readonly line: number;
  readonly mark: Mark;
  readonly commands: readonly DocumentedCommand[];
}

const PROMPT = '$ ';
const FENCE = /^```/;
const COMMENT = /^<!-- (run|not run)\b:? *(.*?) *-->$/;

interface Block {
  /** Of the first line inside. */
  readonly line: number;
  readonly lines: readonly string[];
  /** The last line above that is not blank. */
  readonly above: string;
}

/** The shell sessions of a Markdown document, in order. @throws where one is not well formed */
export function sessionsOf(file: string, markdown: string): readonly Session[] {
  return blocksOf(markdown)
    .filter(({ lines }) => lines.some((line) => line.startsWith(PROMPT)))
    .map((block) => ({
      file,
      line: block.line,
      mark: markOf(file, block),
      commands: commandsOf(file, block),
    }));
}

function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split('\n');
  const fences = lines.flatMap((line, at) => (FENCE.test(line) ? [at] : []));
  return fences.flatMap((open, at) => {
    if (at % 2 === 1) return [];
    const close = fences[at + 1] ?? lines.length;
    const above = lines.slice(0, open).findLast((line) => line.trim() !== '') ?? '';
    return [{ line: open + 2, lines: lines.slice(open + 1, close), above }];
  });
}

function markOf(file: string, { line, above }: Block): Mark {
  const [, kind, words = ''] = COMMENT.exec(above) ?? [];
  if (kind === undefined) return { kind: 'run', moment: 'lab' };
  if (kind === 'run') {
    const moment = MOMENTS.find((name) => name === words);
    if (moment !== undefined) return { kind, moment };
    throw new Error(`${file}:${line}: there is no moment "${words}": ${MOMENTS.join(', ')}`);
  }
  if (words === '') throw new Error(`${file}:${line}: not run, and no reason`);
  return { kind: 'not run', reason: words };
}

function commandsOf(file: string, { line, lines }: Block): readonly DocumentedCommand[] {
  if (lines[0]?.startsWith(PROMPT) !== true) throw new Error(`${file}:${line}: output before any command`);
  const starts = lines.flatMap((text, at) => (text.startsWith(PROMPT) ? [at] : []));
  return starts.map((start, at) => ({
    line: line + start,
    command: (lines[start] ?? '').slice(PROMPT.length),
    expected: lines.slice(start + 1, starts[at + 1] ?? lines.length),
  }));
}

/** How a session is called in reports. */
export function nameOf({ file, line, commands }: Session): string {
  return `${file}:${line} ${commands[0]?.command ?? ''}`;
}
