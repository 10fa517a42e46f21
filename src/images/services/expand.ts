const VARIABLE = /\\(.)|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)([-+?])((?:[^{}]|\$\{[^{}]*\})*))?\})/gs;

/**
 * Puts values in place of `$NAME`, `${NAME}`, `${NAME:-else}`, `${NAME:+other}` and `${NAME:?message}`, as a
 * Dockerfile does; a name without a value is empty. Words in braces may hold one more variable. Pure.
 * @throws SyntaxError for another form, and where `?` asks for a value
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  const expanded = text.replaceAll(
    VARIABLE,
    (
      _whole,
      kept: string | undefined,
      plain: string | undefined,
      braced: string | undefined,
      colon: string | undefined,
      operator: string | undefined,
      word = '',
    ) => {
      if (kept !== undefined) return kept === '$' ? MARK : kept;
      const name = plain ?? braced ?? '';
      const value = values.get(name);
      const isSet = value !== undefined && (colon !== ':' || value !== '');
      if (operator === '-') return isSet ? value : expand(word, values);
      if (operator === '+') return isSet ? expand(word, values) : '';
      if (operator === '?' && !isSet) throw new SyntaxError(word === '' ? `${name} is not set` : word);
      return value ?? '';
    },
  );
  if (expanded.includes('${'))
    throw new SyntaxError('the variable is written in a form that is not supported');
  return expanded.replaceAll(MARK, '$');
}

/** Stands for an escaped dollar meanwhile. */
const MARK = '\u0000';
