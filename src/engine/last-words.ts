import { readFile } from 'node:fs/promises';

/** Why a daemon ended, in its own words: the end of its log without what was routine. */
export async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return pickLastWords(text) ?? `nothing (${logFile} is empty)`;
}

/** Pure part of {@link lastWords}: its last two lines above level info, else its last line. */
export function pickLastWords(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => !/\blevel=(info|debug)\b/.test(line)).slice(-2);
  return telling.length > 0 ? telling.join('\n') : lines.at(-1);
}
