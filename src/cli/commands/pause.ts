import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import type { Powered } from '../power-flow.ts';

export function pauseCommand(act: Act): Command {
  return withLab(withCommon(new Command('pause'))).action(
    act(async (cli, options: CommonOptions) => {
      const { openLab } = await import('../wire.ts');
      const { power } = await import('../power-flow.ts');
      const done = await power(cli, 'pause', await openLab(cli, options), options);
      if (options.output === 'json') cli.out(asJson(done));
      else print(cli, asText(done));
      return EXIT.ok;
    }),
  );
}

function asJson({ lab, changed, kept, durationMs }: Powered): string {
  return json({ schemaVersion: '1', kind: 'PauseReport', lab, paused: changed, kept, durationMs });
}

function asText({ lab, changed, durationMs }: Powered): string {
  if (changed.length === 0) return `lab ${lab} is paused: nothing to do\n`;
  return `paused lab ${lab} in ${(durationMs / 1000).toFixed(1)} s; its memory stays in use\n  containers   ${changed.join(', ')}\n`;
}
