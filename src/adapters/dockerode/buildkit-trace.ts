/** One step of BuildKit, as far as a message says something of it. */
export interface Vertex {
  readonly digest: string;
  /** `[stage-0 2/3] RUN npm ci`. */
  readonly name: string;
  readonly started: boolean;
  /** Empty: it has not failed. */
  readonly error: string;
}

/** What BuildKit reports while it builds. */
export interface Trace {
  readonly vertexes: readonly Vertex[];
  /** What steps printed. */
  readonly logs: readonly string[];
}

/** A field of a message of protocol buffers: numbers are of no use here, all else is bytes. */
interface Field {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads `moby.buildkit.v1.StatusResponse`: vertexes are field 1 (digest 1, name 3, started 5, error 7), logs are
 * field 3 (message 4). What is unknown is passed over, as protocol buffers have it. Pure.
 */
export function readTrace(message: Uint8Array): Trace {
  const fields = fieldsOf(message);
  return {
    vertexes: submessages(fields, 1).map((vertex) => ({
      digest: textAt(vertex, 1),
      name: textAt(vertex, 3),
      started: vertex.some(({ number }) => number === 5),
      error: textAt(vertex, 7),
    })),
    logs: submessages(fields, 3).map((log) => textAt(log, 4)),
  };
}

function submessages(fields: readonly Field[], wanted: number): readonly (readonly Field[])[] {
  return fields.flatMap(({ number, bytes }) =>
    number === wanted && bytes !== undefined ? [fieldsOf(bytes)] : [],
  );
}

function textAt(fields: readonly Field[], wanted: number): string {
  const bytes = fields.find(({ number }) => number === wanted)?.bytes;
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}

const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** A message that is cut off, or has a type that is not known, ends with its last whole field. */
function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const number = (): number => {
    let [value, scale] = [0, 1];
    for (; at < message.length; scale *= 128) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = number();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    const size = type === 2 ? number() : FIXED_BYTES[type];
    if (type === 0) {
      number();
      fields.push({ number: field, bytes: undefined });
    } else if (size === undefined || at + size > message.length) break;
    else {
      fields.push({ number: field, bytes: message.subarray(at, at + size) });
      at += size;
    }
  }
  return fields;
}
