import { Command } from 'commander';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../program.ts';

export function explainCommand(act: Act): Command {
  return withCommon(new Command('explain'))
    .argument('<word>', 'a check id, a code, or a word of Envoy, Caddy or TLS')
    .action(
      act(async (cli, word: string, options: CommonOptions) => {
        const { explain } = await import('../../checks/explain.ts');
        const found = explain(word);
        if (options.output === 'json') {
          const document = { schemaVersion: '1', kind: 'Explanation', found };
          cli.out(json(document));
          return 0;
        }
        const { explainText } = await import('../../report/explain-text.ts');
        print(cli, explainText(found));
        return 0;
      }),
    );
}
