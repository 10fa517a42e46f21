/** An element of a parsed document; text is what stands directly in it, entities resolved. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKEN = /<\?xml [^?]*\?>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The part of XML 1.0 that reports need, and nothing lenient: no comments, no CDATA, no unknown
 * entities, no stray characters. Throws with the place where a real parser would stop.
 */
export function parseXml(source: string): XmlElement {
  const forbidden = FORBIDDEN.exec(source);
  if (forbidden !== null) throw new Error(`a character that XML 1.0 has not at ${forbidden.index}`);
  const open: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`not XML at ${at}: ${source.slice(at, at + 40)}`);
    take(match, open, at);
  }
  const [document, ...unclosed] = open;
  if (document === undefined || unclosed.length > 0) throw new Error(`${unclosed[0]?.name} is not closed`);
  const [root, second] = document.children;
  if (root === undefined || second !== undefined || document.text.trim() !== '')
    throw new Error('a document has one root');
  return root;
}

function take(match: RegExpExecArray, open: Open[], at: number): void {
  const [, closing, name, attributes = '', empty, text] = match;
  const parent = open.at(-1);
  if (parent === undefined) throw new Error(`nothing is open at ${at}`);
  if (text !== undefined) {
    parent.text += resolve(text, at);
  } else if (closing === '/') {
    if (parent.name !== name) throw new Error(`${name} closes ${parent.name} at ${at}`);
    open.pop();
    open.at(-1)?.children.push(parent);
  } else if (name !== undefined) {
    const element = { name, attributes: attributesOf(attributes, at), children: [], text: '' };
    if (empty === '/') parent.children.push(element);
    else open.push(element);
  }
}

function attributesOf(text: string, at: number): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([A-Za-z][\w.:-]*)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, resolve(value, at)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length)
    throw new Error(`an attribute stands twice at ${at}`);
  return Object.fromEntries(pairs);
}

function resolve(text: string, at: number): string {
  return text.replaceAll(
    /&(?:#(\d+)|(\w+));|&/g,
    (whole, code: string | undefined, name: string | undefined) => {
      const known = code === undefined ? ENTITIES[name ?? ''] : String.fromCodePoint(Number(code));
      if (known === undefined) throw new Error(`unknown entity ${whole} near ${at}`);
      return known;
    },
  );
}

/** The element and all that it holds. */
export function everyElement(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(everyElement)];
}
