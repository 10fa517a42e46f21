import type { Socket } from 'node:net';
import type { Exchanged } from './exchanged.ts';
import type { RawRequest } from './job.ts';
import type { Line } from './line.ts';
import { parseResponse } from './parse-response.ts';
import type { Received } from './received.ts';

const KEEP_BYTES = 65_536;

/** Writes the bytes as they are and reads until the answer is whole or the line is over. */
export async function exchangeRaw(
  line: Line<Socket>,
  { raw }: RawRequest,
  received: Received,
): Promise<Exchanged> {
  let kept = Buffer.alloc(0);
  const whole = new Promise<undefined>((resolve) => {
    line.socket.on('data', (chunk: Uint8Array) => {
      received.add(chunk);
      if (kept.length < KEEP_BYTES) kept = Buffer.concat([kept, chunk]);
      if (parseResponse(kept, false)?.complete === true) resolve(undefined);
    });
  });
  line.socket.write(Buffer.from(raw, 'base64'));
  const ending = await Promise.race([whole, line.over]);
  const response = parseResponse(kept, ending?.ended === 'closed');
  return {
    ...(response === undefined ? {} : { response }),
    ...(ending === undefined ? {} : { ending }),
  };
}
