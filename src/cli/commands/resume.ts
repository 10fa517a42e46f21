import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import type { Powered } from '../power-flow.ts';

interface ResumeOptions extends CommonOptions {
  readonly check: boolean;
}

interface Resumed extends Powered {
  /** Until a valid request had passed the chain; undefined with `--no-check`. */
  readonly requestMs: number | undefined;
}

export function resumeCommand(act: Act): Command {
  return withLab(withCommon(new Command('resume')))
    .option('--no-check', 'do not send a request through the chain afterwards')
    .action(
      act(async (cli, options: ResumeOptions) => {
        const { openLab } = await import('../wire.ts');
        const { power, requestPasses } = await import('../power-flow.ts');
        const opened = await openLab(cli, options);
        const done = await power(cli, 'resume', opened, options);
        const requestMs = options.check ? await requestPasses(cli, opened, options) : undefined;
        if (options.output === 'json') cli.out(asJson({ ...done, requestMs }));
        else print(cli, asText({ ...done, requestMs }));
        return EXIT.ok;
      }),
    );
}

function asJson({ lab, changed, kept, durationMs, requestMs }: Resumed): string {
  const request = requestMs === undefined ? null : { passed: true, durationMs: requestMs };
  return json({
    schemaVersion: '1',
    kind: 'ResumeReport',
    lab,
    resumed: changed,
    kept,
    durationMs,
    request,
  });
}

function asText({ lab, changed, durationMs, requestMs }: Resumed): string {
  const head =
    changed.length === 0
      ? `lab ${lab} is not paused\n`
      : `resumed lab ${lab} in ${seconds(durationMs)}\n  containers   ${changed.join(', ')}\n`;
  const request =
    requestMs === undefined
      ? ''
      : `  request      a valid request passed the chain ${seconds(requestMs)} later\n`;
  return head + request;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
