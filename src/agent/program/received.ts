const FIRST_BYTES = 512;

/** Counts what came in and keeps its beginning. */
export class Received {
  bytes = 0;
  /** On the clock of `performance.now()`; undefined as long as nothing came. */
  firstAt: number | undefined;
  #first = Buffer.alloc(0);

  /** Something came that is not counted: framing of HTTP/2. */
  notice(): void {
    this.firstAt ??= performance.now();
  }

  add(chunk: Uint8Array): void {
    this.notice();
    this.bytes += chunk.length;
    const room = FIRST_BYTES - this.#first.length;
    if (room > 0) this.#first = Buffer.concat([this.#first, chunk.subarray(0, room)]);
  }

  /** The first 512 bytes in base64, or undefined when nothing came. */
  get first(): string | undefined {
    return this.#first.length === 0 ? undefined : this.#first.toString('base64');
  }
}
