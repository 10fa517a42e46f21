import { EXIT } from '../errors/problems.ts';
import type { CliContext } from './cli-context.ts';

/**
 * Runs what only passes on the output of another program, and ends it when nobody reads that any more, as
 * SIGPIPE would end it: `meshdev kubectl logs -f | head`.
 * @returns its exit code, or that of SIGPIPE
 */
export async function untilReaderGone(
  { signal, readerGone }: Pick<CliContext, 'signal' | 'readerGone'>,
  stream: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  try {
    return await stream(AbortSignal.any([signal, readerGone]));
  } catch (error) {
    if (readerGone.aborted && !signal.aborted) return EXIT.sigpipe;
    throw error;
  }
}
