import type { IncomingMessage } from 'node:http';

const LIMIT_BYTES = 8192;

/** What came of reading a posted form. */
export type FormRead =
  | { readonly kind: 'form'; readonly fields: URLSearchParams }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'other-type' }
  | { readonly kind: 'malformed' }
  /** The client went away before the form was whole. */
  | { readonly kind: 'aborted' };

/**
 * Reads the fields of a posted form. The request is never destroyed: whoever answers and logs it still
 * needs its socket, and Node.js itself discards what remains of a body once the answer is sent.
 */
export async function readForm(request: IncomingMessage): Promise<FormRead> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { kind: 'other-type' };
  if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) return { kind: 'too-long' };
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.from(part);
      length += bytes.length;
      if (length > LIMIT_BYTES) return { kind: 'too-long' };
      parts.push(bytes);
    }
  } catch {
    return { kind: 'aborted' };
  }
  return decode(Buffer.concat(parts));
}

/** Strict, unlike `URLSearchParams`: that reads `%zz` as it stands and puts U+FFFD for bytes that are no UTF-8. */
function decode(body: Buffer): FormRead {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    decodeURIComponent(text);
    return { kind: 'form', fields: new URLSearchParams(text) };
  } catch {
    return { kind: 'malformed' };
  }
}
