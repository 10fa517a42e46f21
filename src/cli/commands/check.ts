import { Command } from 'commander';
import type { AnyCheck } from '../../checks/check.ts';
import { checkListJson, checkListText } from '../../report/check-list.ts';
import type { CliContext } from '../cli-context.ts';
import { withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import type { CheckOptions } from '../check-options.ts';

const FORMATS = ['text', 'json', 'junit', 'github', 'tap'];

export function checkCommand(act: Act): Command {
  return withLab(withCommon(new Command('check'), FORMATS))
    .argument('[selectors...]', 'check ids, cases, categories or hops: MD-EGW-011, jwt, "edge->gateway"')
    .option('--skip <selector>', 'skip the checks that this selects; can be repeated', collected)
    .option('--service <name>', 'judge only this service of meshdev.yaml; can be repeated', collected)
    .option('--list', 'print the catalogue and run no check')
    .option('--capture', 'capture packets in the node; MD-MESH-016 requires it')
    .option('-q, --quiet', 'print only checks that are not green')
    .option('--strict', 'treat warnings as failures')
    .option('--report <file>', 'also write a report as one HTML page')
    .option('--matrix <file>', 'access matrix to use instead of the matrix of the sample')
    .action(
      act(async (cli, selectors: readonly string[], options: CheckOptions) => {
        if (options.list === true) return listChecks(cli, await selected(selectors, options), options);
        // First of all: what comes next takes a moment to load.
        const { showProof } = await import('../activity.ts');
        await using activity = showProof(cli, options.quiet);
        // Mistakes are told before the lab is opened; which services it has is known only then.
        await selected(selectors, options);
        const { checkAndTell } = await import('../check-flow.ts');
        // Awaited here: the activity must not end while it goes on.
        return await checkAndTell(cli, selectors, options, activity);
      }),
    );
}

async function selected(selectors: readonly string[], { skip }: CheckOptions): Promise<readonly AnyCheck[]> {
  const { CATALOGUE } = await import('../../checks/catalogue.ts');
  const { select } = await import('../../checks/select.ts');
  return select(CATALOGUE, selectors, skip);
}

function collected(selector: string, before: readonly string[] = []): readonly string[] {
  return [...before, selector];
}

function listChecks(cli: CliContext, checks: readonly AnyCheck[], options: CheckOptions): number {
  // What --skip left out is not judged, so it asks for no evidence.
  const kept = checks.filter(
    ({ evidence, service }) =>
      evidence.length > 0 && (options.service === undefined || service !== undefined),
  );
  if (options.output === 'json') cli.out(checkListJson(kept));
  else print(cli, checkListText(kept));
  return 0;
}
