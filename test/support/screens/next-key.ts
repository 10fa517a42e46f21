import { once } from 'node:events';

/**
 * What a play does when it is told to: the next key of whoever watches, or at once where nobody does.
 * Keys are not echoed, and Ctrl-C is one of them.
 */
export function nextKey(watched: boolean): () => Promise<void> {
  if (!watched) return async () => undefined;
  process.stdin.setRawMode(true);
  return async () => {
    process.stdin.resume();
    await once(process.stdin, 'data');
    process.stdin.pause();
  };
}
