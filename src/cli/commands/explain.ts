import { Command } from 'commander';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

export function explainCommand(act: Act): Command {
  return withCommon(new Command('explain'))
    .argument('<words...>', 'a check id, a code, or a message of Envoy, Caddy or curl')
    .action(
      act(async (cli, words: readonly string[], options: CommonOptions) => {
        const { explain } = await import('../../checks/explain.ts');
        const found = explain(words.join(' '));
        if (options.output === 'json') {
          cli.out(json({ schemaVersion: '1', kind: 'Explanation', found }));
          return 0;
        }
        const { explainText } = await import('../../report/explain-text.ts');
        print(cli, explainText(found));
        return 0;
      }),
    );
}
