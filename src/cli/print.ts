import { fold } from '../report/fold.ts';
import type { CliContext } from './cli-context.ts';

/** A result for people: on a terminal, its lines are no longer than the screen is wide. */
export function print({ out, columns }: Pick<CliContext, 'out' | 'columns'>, text: string): void {
  out(fold(text, columns.out()));
}
