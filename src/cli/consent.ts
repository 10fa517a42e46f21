import { confirmWithPrompt } from '../adapters/inquirer-prompt.ts';
import type { ConsentItem } from '../up/preflight.ts';
import { fold } from '../report/fold.ts';
import type { CliContext } from './cli-context.ts';
import type { CommonOptions } from './options.ts';

/** One question for all changes, each named exactly. Without a person and without `--yes` the answer is no. @param signal ends the question too */
export async function askConsent(
  cli: CliContext,
  options: CommonOptions,
  items: readonly ConsentItem[],
  signal: AbortSignal,
): Promise<boolean> {
  const changes = items.map((item) => `  - ${item.what}\n`).join('');
  cli.err(fold(`These changes need your consent:\n${changes}`, cli.columns.err()));
  if (options.yes === true) return true;
  if (!cli.interactive || !options.input) return false;
  return confirmWithPrompt('Make these changes?', signal);
}
