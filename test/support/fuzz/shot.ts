/** One connection of a hostile client: what it writes, and how it leaves. */
export interface Shot {
  /** Written one after the other: requests, and bytes that are none, one for each character. */
  readonly parts: readonly (Request | string)[];
  /**
   * `reads`: waits for the answer. `ends`: closes its side first, and waits. `leaves`: is gone after the last
   * piece. `stays`: says no more and holds the connection for a while.
   */
  readonly leaving: 'reads' | 'ends' | 'leaves' | 'stays';
}

export interface Request {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  /** A byte for each character. */
  readonly body: string;
  /** How the body is framed; `short` and `long` state another length than it has. */
  readonly framing: 'none' | 'length' | 'short' | 'long' | 'chunked' | 'broken-chunks' | 'both';
  /** The part of all bytes that is really sent, 1 = all. */
  readonly share: number;
}

/** Puts what only the running program knows (ids, cookies) where a shot names it. */
export type Fill = (text: string) => string;

/** All that a shot writes, piece by piece: of a request first its head, then its body. */
export function piecesOf({ parts }: Shot, fill: Fill): readonly Uint8Array[] {
  return parts.flatMap((part) =>
    typeof part === 'string' ? [Buffer.from(part, 'latin1')] : wireOf(filled(part, fill)),
  );
}

function filled(request: Request, fill: Fill): Request {
  const headers = request.headers.map(([name, value]) => [name, fill(value)] as const);
  return { ...request, target: fill(request.target), headers, body: fill(request.body) };
}

function wireOf(request: Request): readonly Uint8Array[] {
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...[...request.headers, ...framing(request)].map(([name, value]) => `${name}: ${value}`),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const all = Buffer.concat([head, bodyOf(request)]);
  const sent = all.subarray(0, Math.ceil(all.length * request.share));
  return [sent.subarray(0, head.length), sent.subarray(head.length)].filter(({ length }) => length > 0);
}

function framing({ framing: kind, body }: Request): readonly (readonly [string, string])[] {
  const length = (bytes: number) => ['Content-Length', String(bytes)] as const;
  const chunked = ['Transfer-Encoding', 'chunked'] as const;
  switch (kind) {
    case 'none':
      return [];
    case 'length':
      return [length(body.length)];
    case 'short':
      return [length(Math.floor(body.length / 2))];
    case 'long':
      return [length(body.length + 7)];
    case 'chunked':
    case 'broken-chunks':
      return [chunked];
    case 'both':
      return [length(body.length), chunked];
  }
}

function bodyOf({ framing: kind, body: text }: Request): Uint8Array {
  const body = Buffer.from(text, 'latin1');
  if (kind === 'broken-chunks') return Buffer.concat([Buffer.from('-6\r\nfffffffffffffffff\r\n'), body]);
  if (kind !== 'chunked' && kind !== 'both') return kind === 'none' ? Buffer.alloc(0) : body;
  const cut = Math.floor(body.length / 3);
  const chunks = [body.subarray(0, cut), body.subarray(cut)].filter(({ length }) => length > 0);
  const framed = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]);
}
