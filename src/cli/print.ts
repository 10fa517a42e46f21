import { fold } from '../report/fold.ts';
import type { CliContext } from './cli-context.ts';

/** Progress and what is beside the result, for people: lines are no longer than the screen is wide. */
export function say({ err, columns }: Pick<CliContext, 'err' | 'columns'>, text: string): void {
  err(fold(text, columns.err()));
}

/** A result for people: on a terminal, its lines are no longer than the screen is wide. */
export function print({ out, columns }: Pick<CliContext, 'out' | 'columns'>, text: string): void {
  out(fold(text, columns.out()));
}
