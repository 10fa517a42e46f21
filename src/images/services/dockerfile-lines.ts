/** One instruction of a Dockerfile, which may be written over several lines. */
export interface Instruction {
  /** In capitals: `FROM`. */
  readonly word: string;
  /** What follows it, on one line. */
  readonly rest: string;
  /** Lines of the file, counted from 1. */
  readonly first: number;
  readonly last: number;
  /** It has a here-document, which is not part of `rest`. */
  readonly hereDocument: boolean;
}

/** Only these may carry a here-document; elsewhere `<<` is text. */
const WITH_HERE_DOCUMENT: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);
const HERE_DOCUMENT = /<<-?\s*(["']?)([A-Za-z_]\w*)\1/g;

/** The instructions of a Dockerfile: continued lines joined, comments and empty lines left out. Pure. */
export function instructionsOf(text: string): readonly Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const continued = continuedBy(escapeOf(lines));
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const first = at + 1;
    let joined = '';
    let open = true;
    for (; open && at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      if (isPassedOver(line)) {
        // Within a continued instruction comments and empty lines are passed over; elsewhere they are by themselves.
        if (joined === '') break;
        continue;
      }
      const head = continued(line);
      joined += head ?? line;
      open = head !== undefined;
    }
    const [, word = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(joined) ?? [];
    if (word === '') continue;
    at -= 1;
    const upper = word.toUpperCase();
    const ends = WITH_HERE_DOCUMENT.has(upper)
      ? [...rest.matchAll(HERE_DOCUMENT)].map(([, , name = '']) => name)
      : [];
    for (const name of ends) {
      at += 1;
      while (at < lines.length && lines[at]?.replace(/^\t+/, '') !== name) at += 1;
    }
    found.push({
      word: upper,
      rest: rest.trim(),
      first,
      last: Math.min(at + 1, lines.length),
      hereDocument: ends.length > 0,
    });
  }
  return found;
}

function isPassedOver(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

/** The directive `# escape=` stands before everything but other directives. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name, value] = /^\s*#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (name === undefined) return '\\';
    if (name.toLowerCase() === 'escape') return value === '`' ? '`' : '\\';
  }
  return '\\';
}

/** A function that gives what stands before the mark of a continued line; undefined where a line is not continued. */
function continuedBy(mark: string): (line: string) => string | undefined {
  const expression = mark === '`' ? /^(.*)`[ \t]*$/s : /^(.*)\\[ \t]*$/s;
  return (line) => expression.exec(line)?.[1];
}
