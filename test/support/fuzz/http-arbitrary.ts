import fc, { type Arbitrary } from 'fast-check';
import type { Request, Shot } from './shot.ts';

/** What a server is asked for by somebody who knows its routes and its words. */
export interface Knowledge {
  readonly host: string;
  readonly paths: Arbitrary<string>;
  /** Names of fields of forms and queries, with values that mean something. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly cookies: Arbitrary<string>;
  /** Forms as a browser or a client posts them; other fields and headers are added to them. */
  readonly forms: readonly KnownForm[];
}

export interface KnownForm {
  readonly path: string;
  readonly cookie: string;
  /** Encoded. */
  readonly fields: string;
}

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'PATCH',
  'TRACE',
  'CONNECT',
  'BREW',
  'get',
];

const FORM = 'application/x-www-form-urlencoded';
const TYPES = [
  FORM,
  `${FORM}; charset=utf-16`,
  'application/json',
  'text/plain',
  'multipart/form-data',
  ',;=',
  FORM,
];

/** Texts that programs read wrongly. */
const ODD = [
  '%',
  '%zz',
  '%ff%fe',
  '%00',
  '%c0%ae',
  '%u0041',
  '\0',
  'a\r\nb',
  '__proto__',
  'constructor',
  '[object',
  '{"a":{"b":[]}}',
  '-1',
  '1e999',
  'NaN',
  '../..',
  'ÿþ',
  '"><script>',
  ' ',
];

const odd = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...ODD) },
  { weight: 6, arbitrary: fc.string({ maxLength: 40, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.nat({ max: 70_000 }).map((length) => 'x'.repeat(length)) },
);

/** `name=value&…`, encoded well, badly or not at all. */
function encodedFields(fields: Knowledge['fields']): Arbitrary<string> {
  const names = Object.keys(fields);
  const pair = fc
    .constantFrom(...names)
    .chain((name) =>
      fc.tuple(
        fc.oneof({ weight: 20, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: odd }),
        fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom('', ...(fields[name] ?? [])) },
          { weight: 1, arbitrary: odd },
        ),
        fc.constantFrom('well', 'well', 'well', 'raw'),
      ),
    );
  return fc
    .array(pair, { maxLength: 16 })
    .map((pairs) =>
      pairs
        .map(([name, value, how]) =>
          how === 'raw'
            ? `${name}=${value}`
            : `${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(wellFormed(value))}`,
        )
        .join('&'),
    );
}

const wellFormed = (text: string): string => text.toWellFormed();

/** What may stand in one line of a request: nothing that ends it. */
const inLine = (text: string): string => text.replaceAll(/[\r\n\0]/g, '');

/** In one of so many requests. */
function rarely<T>(times: number, value: Arbitrary<T>): Arbitrary<T | undefined> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

/** Mostly the one, in one of so many requests the other. */
function mostly<T>(times: number, usual: Arbitrary<T>, other: Arbitrary<T>): Arbitrary<T> {
  return fc.oneof({ weight: times - 1, arbitrary: usual }, { weight: 1, arbitrary: other });
}

function headers({ host, cookies }: Knowledge): Arbitrary<Request['headers']> {
  const known = fc.record({
    Host: mostly(40, fc.constant(host), odd),
    'Content-Type': mostly(12, fc.constant(FORM), fc.constantFrom(...TYPES)),
    Cookie: mostly(20, cookies, odd),
    Accept: rarely(2, fc.constantFrom('text/html', 'application/json', '*/*', '', 'a/b;q=x')),
    Origin: rarely(8, fc.constantFrom('null', `https://${host}`, 'https://evil.invalid')),
    Authorization: rarely(8, mostly(3, fc.constantFrom('Basic', 'Basic %', 'Bearer x', 'Basic YTpi'), odd)),
    Expect: rarely(20, fc.constantFrom('100-continue', 'nothing')),
    Upgrade: rarely(20, fc.constantFrom('websocket', 'h2c')),
    Connection: rarely(5, fc.constantFrom('close', 'keep-alive', 'upgrade', 'host')),
    'X-Forwarded-For': rarely(10, odd),
    'X-Forwarded-Proto': mostly(10, fc.constant('https'), fc.constantFrom('http', 'gopher')),
    'X-Meshdev-Id': rarely(20, odd),
  });
  const strange = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z_-]{1,12}$/), odd), { maxLength: 2 });
  return fc
    .tuple(known, rarely(8, strange))
    .map(([pairs, others = []]) =>
      [...Object.entries(pairs), ...others].flatMap(([name, value]) =>
        value === undefined ? [] : [[name, inLine(value)] as const],
      ),
    );
}

function requests(knowledge: Knowledge): Arbitrary<Request> {
  const fields = encodedFields(knowledge.fields);
  return fc.record({
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('GET', 'POST') },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    ),
    target: fc
      .tuple(
        fc.oneof(
          { weight: 9, arbitrary: knowledge.paths },
          { weight: 1, arbitrary: odd.map((text) => `/${text}`) },
        ),
        fc.option(fields, { nil: undefined }),
      )
      .map(([path, query]) => inLine(query === undefined ? path : `${path}?${query}`).replaceAll(' ', '+')),
    headers: headers(knowledge),
    body: fc.oneof(
      { weight: 6, arbitrary: fields },
      { weight: 1, arbitrary: odd },
      { weight: 1, arbitrary: latin1(300) },
    ),
    framing: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom('none', 'length', 'length', 'chunked') },
      { weight: 1, arbitrary: fc.constantFrom('short', 'long', 'broken-chunks', 'both') },
    ),
    share: mostly(15, fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  });
}

/** Any bytes, one for each character. */
function latin1(maxLength: number): Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));
}

/** Known forms, with more in them than belongs there. */
function filledForms(knowledge: Knowledge): Arbitrary<Request> {
  return fc
    .record({
      form: fc.constantFrom(...knowledge.forms),
      more: fc.oneof(
        { weight: 4, arbitrary: encodedFields(knowledge.fields) },
        { weight: 1, arbitrary: fc.nat({ max: 70_000 }).map((length) => `x=${'x'.repeat(length)}`) },
      ),
      added: headers(knowledge),
      framing: fc.constantFrom('length' as const, 'chunked' as const),
      share: mostly(15, fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    })
    .map(({ form, more, added, framing, share }) => ({
      method: 'POST',
      target: form.path,
      headers: added.map(([name, value]) => [name, name === 'Cookie' ? form.cookie : value] as const),
      body: `${form.fields}&${more}`,
      framing,
      share,
    }));
}

const noise: Arbitrary<readonly string[]> = fc.array(
  fc.oneof(
    latin1(200),
    fc.constantFrom(
      '\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET / HTTP/1.1\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: h\r\n${'a: b\r\n'.repeat(4000)}\r\n`,
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

/** Well-made requests, requests with something wrong, several on one connection, and noise. */
export function shots(knowledge: Knowledge): Arbitrary<Shot> {
  const asked = requests(knowledge);
  const parts: Arbitrary<Shot['parts']> = fc.oneof(
    { weight: 9, arbitrary: asked.map((one) => [one]) },
    { weight: 5, arbitrary: filledForms(knowledge).map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(asked, { minLength: 2, maxLength: 4 }) },
    { weight: 1, arbitrary: noise },
  );
  return fc.record({
    parts,
    leaving: fc.oneof(
      { weight: 18, arbitrary: fc.constant('reads' as const) },
      { weight: 2, arbitrary: fc.constantFrom('ends' as const, 'leaves' as const, 'stays' as const) },
    ),
  });
}
