import { Command, Option } from 'commander';
import type { AnyCheck } from '../../checks/check.ts';
import type { CheckReport } from '../../checks/verdict.ts';
import type { Lab } from '../../topology/lab.ts';
import type { CliContext } from '../cli-context.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import type { Act } from '../program.ts';

interface CheckOptions extends CommonOptions {
  readonly list?: boolean;
}

export function checkCommand(act: Act): Command {
  return withLab(withCommon(new Command('check'), ['text', 'json', 'junit']))
    .argument('[selectors...]', 'check ids, categories or hops: MD-EGW-011, jwt, "edge->gateway"')
    .addOption(new Option('--list', 'print the catalogue and judge nothing'))
    .action(
      act(async (cli, selectors: readonly string[], options: CheckOptions) => {
        const { CATALOGUE } = await import('../../checks/catalogue.ts');
        const { select } = await import('../../checks/select.ts');
        const checks = select(CATALOGUE, selectors);
        if (options.list === true) return listChecks(cli, checks, options);
        const { openLab } = await import('../wire.ts');
        const { proveChain } = await import('../../probe/prove-chain.ts');
        const { context } = await openLab(cli, options);
        const report = await proveChain(context, withDeadline(cli.signal, options.timeout), checks);
        cli.out(await render(report, context.lab, cli, options));
        return report.summary.exitCode;
      }),
    );
}

function listChecks(cli: CliContext, checks: readonly AnyCheck[], options: CheckOptions): number {
  const facts = checks.map(({ id, polarity, hop, title }) => ({ id, polarity, hop, title }));
  const lines = facts.map(
    ({ id, polarity, hop, title }) =>
      `${id.padEnd(12)} ${polarity === 'negative' ? '-' : '+'} ${hop.padEnd(18)} ${title}\n`,
  );
  cli.out(options.output === 'json' ? `${JSON.stringify(facts, null, 2)}\n` : lines.join(''));
  return 0;
}

async function render(
  report: CheckReport,
  lab: Lab,
  cli: CliContext,
  options: CheckOptions,
): Promise<string> {
  if (options.output === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  if (options.output === 'junit') return (await import('../../report/check-junit.ts')).checkJunit(report);
  const { checkText } = await import('../../report/check-text.ts');
  return `${checkText(report, lab, { colour: cli.colour.out, all: options.verbose === true })}\n`;
}
