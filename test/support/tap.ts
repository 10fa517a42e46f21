import { Parser, type Result } from 'tap-parser';

export interface ReadTap {
  readonly ok: boolean;
  readonly points: readonly Result[];
  /** The diagnostics of what is not ok. */
  readonly failures: readonly Readonly<Record<string, unknown>>[];
  /** Lines that are no TAP. */
  readonly extra: readonly string[];
}

/** A TAP document as an independent parser reads it, in its strict mode. */
export function readTap(text: string): ReadTap {
  const points: Result[] = [];
  const extra: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (point: Result) => points.push(point));
  parser.on('extra', (line: string) => extra.push(line));
  parser.end(text);
  const failures = points.filter(({ ok }) => !ok).map(({ diag }) => Object(diag));
  return { ok: parser.ok, points, failures, extra };
}
