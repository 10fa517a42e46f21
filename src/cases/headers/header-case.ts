import { ADMIN } from '../../sample/names.ts';
/**
 * - `clean`: the app answers, and nothing of what the client claimed is in its echo.
 * - `refused`: the edge's parser refuses with 400 and hands nothing on.
 * - `denied`: the sidecar refuses, and the app sees nothing.
 * - `tolerated`: the app receives it as it is; `why` says why that is no harm.
 */
export type HeaderOutcome = 'clean' | 'refused' | 'denied' | 'tolerated';

export type HeaderCheck = `MD-HDR-00${1 | 2 | 3 | 4 | 5 | 6}` | 'MD-HDR-010';

/** Header lines that claim what is not the client's to say. */
export interface HeaderCase {
  readonly id: string;
  readonly check: HeaderCheck;
  /** `gateway`: with the edge's certificate, around the edge. `pod`: from a workload to another one. */
  readonly via: 'edge' | 'gateway' | 'pod';
  /** Whose token goes along. */
  readonly as: typeof ADMIN | 'nobody';
  /** Latin-1, one header line each, without the line end. */
  readonly lines: readonly string[];
  readonly outcome: HeaderOutcome;
  readonly why: string;
}

/** Part of every made-up value: when it arrives at the app, a claim has arrived. */
export const CLAIMED = 'forged';

/** One line of the corpus. */
export type HeaderRow = readonly [
  id: string,
  why: string,
  lines: readonly string[],
  more?: Partial<Pick<HeaderCase, 'via' | 'as' | 'outcome'>>,
];

/** Sent through the edge with the token of the admin, unless a row says otherwise. */
export function headerCasesOf(check: HeaderCheck, rows: readonly HeaderRow[]): readonly HeaderCase[] {
  return rows.map(([id, why, lines, more]) => ({
    id,
    check,
    why,
    lines,
    via: 'edge',
    as: ADMIN,
    outcome: 'clean',
    ...more,
  }));
}
