/**
 * Progress for something that keeps every line, such as the log of a pipeline: a line is said when its words
 * are new, and after `everyMs` again. Elapsed seconds, counts and sizes differ each time and are no news.
 */
export function createProgressLines(
  write: (line: string) => void,
  everyMs: number,
  now: () => number = () => performance.now(),
): (message: string) => void {
  let said = '';
  let at = Number.NEGATIVE_INFINITY;
  return (message) => {
    const words = message.replaceAll(/\d+/g, '#');
    if (words === said && now() - at < everyMs) return;
    [said, at] = [words, now()];
    write(message);
  };
}
