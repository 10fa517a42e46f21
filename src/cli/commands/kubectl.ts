import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readsStdin, refuseHostWords } from '../kubectl-line.ts';
import type { CommonOptions } from '../options.ts';
import type { Act } from '../act.ts';
import { untilReaderGone } from '../until-reader-gone.ts';

/** Without `-n`: that is a namespace to kubectl. */
export function kubectlCommand(act: Act): Command {
  return new Command('kubectl')
    .argument('[words...]', 'arguments of kubectl: get pods -A')
    .option('--name <name>', 'name of the lab (default "demo")')
    .option('--config <file>', 'configuration file (default meshdev.yaml, if it exists)')
    .action(
      act(async (cli, words: readonly string[], options: Pick<CommonOptions, 'name' | 'config'>) => {
        refuseHostWords(words, (path) => existsSync(resolve(cli.cwd, path)));
        const { openLab } = await import('../wire.ts');
        const { nodeKubectl } = await import('../../lab/node-kubectl.ts');
        const { refuseForeignLabIfAny } = await import('../../lab/whose.ts');
        const { context } = await openLab(cli, options);
        const streams = {
          stdin: readsStdin(words) ? cli.stdin() : undefined,
          onStdout: cli.outBytes,
          onStderr: cli.errBytes,
        };
        const node = {
          lab: context.lab,
          engine: (signal: AbortSignal) => context.engine(signal),
          refuseForeign: (signal: AbortSignal) => refuseForeignLabIfAny(context, signal),
        };
        return untilReaderGone(cli, (signal) => nodeKubectl(node, words, streams, signal));
      }),
    );
}
