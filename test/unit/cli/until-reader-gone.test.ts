import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { untilReaderGone } from '../../../src/cli/until-reader-gone.ts';

/** Streams until it is told to end, as `logs -f` does. */
async function streamed(signal: AbortSignal): Promise<number> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('ended before its end');
}

describe('a stream', () => {
  const never = new AbortController().signal;

  it('ends as by SIGPIPE when its reader goes', async () => {
    const reader = new AbortController();
    const code = untilReaderGone({ signal: never, readerGone: reader.signal }, streamed);
    reader.abort();
    expect(await code).toBe(141);
  });

  it('keeps its own code where it ends by itself, reader or not', async () => {
    expect(await untilReaderGone({ signal: never, readerGone: never }, async () => 3)).toBe(3);
    expect(await untilReaderGone({ signal: never, readerGone: AbortSignal.abort() }, async () => 0)).toBe(0);
  });

  it.each([
    ['stopped', AbortSignal.abort(), never],
    ['stopped after its reader went', AbortSignal.abort(), AbortSignal.abort()],
  ])('that is %s says so as every command does', async (_, signal, readerGone) => {
    await expect(untilReaderGone({ signal, readerGone }, streamed)).rejects.toThrow('ended before its end');
  });

  it('that fails by itself fails', async () => {
    const failing = untilReaderGone({ signal: never, readerGone: never }, async () => {
      throw new Error('no node');
    });
    await expect(failing).rejects.toThrow('no node');
  });
});
