import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import { json } from '../../report/json.ts';
import { DOCS_TOPICS } from '../docs-topics.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

export function docsCommand(act: Act): Command {
  return withCommon(new Command('docs'))
    .argument('[topic]', 'a page, such as tutorial or errors; without it, the list of pages')
    .action(
      act(async (cli, topic: string | undefined, options: CommonOptions) => {
        if (topic === undefined) {
          if (options.output === 'json')
            cli.out(json({ schemaVersion: '1', kind: 'DocsTopics', topics: DOCS_TOPICS }));
          else print(cli, topicsText());
          return EXIT.ok;
        }
        const { readPage } = await import('../docs-page.ts');
        const { foldMarkdown } = await import('../../report/fold-markdown.ts');
        const page = await readPage(cli.packageDir, topic);
        if (options.output === 'json') cli.out(json({ schemaVersion: '1', kind: 'DocsPage', ...page }));
        else cli.out(foldMarkdown(page.markdown, cli.columns.out()));
        return EXIT.ok;
      }),
    );
}

function topicsText(): string {
  const lines = DOCS_TOPICS.map(({ topic, title }) => `  ${topic.padEnd(15)}  ${title}\n`);
  return `meshdev docs <topic> prints a page:\n${lines.join('')}`;
}
