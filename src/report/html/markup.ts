/** Text that is markup already. Made only by `html`, so that nothing from the wire becomes a tag. */
export interface Markup {
  readonly kind: 'markup';
  readonly text: string;
}

type Part = string | number | Markup | readonly Markup[];

/** Markup with every value in it escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const text = strings.map((each, at) => (at === 0 ? each : `${rendered(values[at - 1])}${each}`)).join('');
  return { kind: 'markup', text };
}

function rendered(value: Part | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'text' in value ? value.text : value.map(({ text }) => text).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters have no form in HTML, and those of direction would let a text look like another. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(/(?![\t\n])\p{Cc}|[\u200E\u200F\u202A-\u202E\u2066-\u2069]|\p{Cs}/gu, '\uFFFD');
}
