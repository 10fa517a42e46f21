import { isUtf8 } from 'node:buffer';

const KEEP_BYTES = 65_536;

export interface BodyText {
  readonly body: string;
  readonly bodyEncoding: 'utf8' | 'base64';
  readonly bodyBytes: number;
}

/** Collects a body up to a limit and counts the rest. */
export class Body {
  readonly #keep: number;
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #bytes = 0;

  constructor(keepBytes: number = KEEP_BYTES) {
    this.#keep = keepBytes;
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    const part = chunk.subarray(0, Math.max(0, this.#keep - this.#keptBytes));
    this.#keptBytes += part.length;
    if (part.length > 0) this.#kept.push(part);
  }

  text(): BodyText {
    const kept = Buffer.concat(this.#kept);
    const isText = isUtf8(kept);
    return {
      body: kept.toString(isText ? 'utf8' : 'base64'),
      bodyEncoding: isText ? 'utf8' : 'base64',
      bodyBytes: this.#bytes,
    };
  }
}
