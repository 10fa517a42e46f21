import { expect } from 'vitest';
import type { TerminalEnd } from './terminal.ts';

const ESC = '\u001B';
const COLOUR = new RegExp(`${ESC}\\[[0-9;]*m`, 'g');
const COLOUR_ENDS = new RegExp(`^${ESC}\\[(?:0|22|23|24|27|39|49)?m$`);

/** A line that nobody may break but the terminal: a command to copy, an address, a digest, a path. */
const UNBREAKABLE = /^ *(?:run|try) {2,}|^ *(?:eval|export|#|meshdev) |\S{40,}/;

/** What holds of every command on every terminal, however it ended. */
export function expectCleanScreen(end: TerminalEnd, columns: number): void {
  expect(end.text).not.toMatch(/\bundefined\b|\bNaN\b|\[object |is not a function|\bBUG\b/);
  // Also nothing that was drawn over later.
  expect(end.raw).not.toMatch(/is not a function/);
  expect(wideLines(end, columns)).toEqual([]);
  expect(end.cursorColumn).toBe(0);
  // The cursor is seen, and what is drawn is shown.
  expect(end.raw.lastIndexOf(`${ESC}[?25h`)).toBeGreaterThanOrEqual(end.raw.lastIndexOf(`${ESC}[?25l`));
  expect(end.raw.lastIndexOf(`${ESC}[?2026l`)).toBeGreaterThanOrEqual(end.raw.lastIndexOf(`${ESC}[?2026h`));
  expect(colours(end).at(-1) ?? `${ESC}[0m`).toMatch(COLOUR_ENDS);
}

/** Every change of colour that the program asked for. */
export function colours({ raw }: TerminalEnd): readonly string[] {
  return raw.match(COLOUR) ?? [];
}

function wideLines({ text }: TerminalEnd, columns: number): readonly string[] {
  return text.split('\n').filter((line) => line.length > columns && !UNBREAKABLE.test(line));
}
