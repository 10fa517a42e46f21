import { posix } from 'node:path';

/** What a `.dockerignore` leaves out of a build. Paths are relative to the context, with `/`. */
export interface Ignore {
  readonly ignores: (path: string) => boolean;
  /** Whether nothing below an ignored directory can be taken back by a later pattern. */
  readonly prunes: (directory: string) => boolean;
}

interface Pattern {
  readonly text: string;
  /** `!…`: takes back what patterns before it ignore. */
  readonly exception: boolean;
  readonly matches: RegExp;
}

/**
 * Docker's rules: one pattern a line, `#` for comments, `!` for exceptions, `**` for any number of directories; the
 * last pattern that matches a path or a directory above it decides. Pure.
 * @throws SyntaxError for a pattern that cannot be read
 */
export function parseDockerignore(text: string): Ignore {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap(patternOf);
  const exceptions = patterns.filter(({ exception }) => exception).map((one) => one.text);
  return {
    ignores: (path) => isIgnored(patterns, path),
    prunes: (directory) => !exceptions.some((exception) => mayMatchBelow(exception, directory)),
  };
}

function patternOf(line: string): readonly Pattern[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  const exception = trimmed.startsWith('!');
  const text = cleaned((exception ? trimmed.slice(1) : trimmed).trim());
  if (text === '') {
    if (exception) throw new SyntaxError('the pattern "!" names nothing');
    return [];
  }
  return [{ text, exception, matches: expressionOf(text) }];
}

/** Without what does not change where it leads to: `./a//b/` is `a/b`. */
function cleaned(text: string): string {
  if (text === '') return '';
  const path = posix.normalize(text).replace(/(?<=.)\/$/, '');
  return path.length > 1 && path.startsWith('/') ? path.slice(1) : path;
}

function expressionOf(text: string): RegExp {
  let source = '';
  for (let at = 0; at < text.length; at += 1) {
    const [character = '', next] = [text[at], text[at + 1]];
    if (character === '*' && next === '*') {
      at += text[at + 2] === '/' ? 2 : 1;
      source += at + 1 >= text.length ? '.*' : '(?:.*/)?';
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '\\' && next !== undefined) {
      source += escaped(next);
      at += 1;
    } else if (character === '[') {
      const end = text.indexOf(']', at);
      if (end < 0) throw new SyntaxError(`the pattern ${text} has a "[" without its "]"`);
      source += text.slice(at, end + 1);
      at = end;
    } else source += escaped(character);
  }
  return new RegExp(`^${source}$`, 's');
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
}

function isIgnored(patterns: readonly Pattern[], path: string): boolean {
  const names = path.split('/');
  const withParents = names.map((_, index) => names.slice(0, index + 1).join('/'));
  let ignored = false;
  for (const { exception, matches } of patterns)
    if (exception === ignored && withParents.some((one) => matches.test(one))) ignored = !exception;
  return ignored;
}

/** Whether an exception can match a path below a directory: by its beginning, as far as that is literal. */
function mayMatchBelow(exception: string, directory: string): boolean {
  const wildcard = exception.search(/[*?[\\]/);
  if (wildcard < 0) return `${exception}/`.startsWith(`${directory}/`);
  const literal = exception.slice(0, wildcard);
  return literal.startsWith(`${directory}/`) || `${directory}/`.startsWith(literal);
}
