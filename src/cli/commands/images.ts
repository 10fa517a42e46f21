import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Inventory } from '../../images/packages/inventory.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon, withConsent } from '../options.ts';
import type { Act } from '../program.ts';

interface PruneOptions extends CommonOptions {
  readonly all?: boolean;
}

export function imagesCommand(act: Act): Command {
  const command = new Command('images');
  command.addCommand(
    withConsent(
      withCommon(new Command('build').description('build what the cache lacks, load what the engine lacks')),
    ).action(
      act(async (cli, options: CommonOptions) => {
        const { buildImages } = await import('../images-flow.ts');
        return buildImages(cli, options);
      }),
    ),
  );
  command.addCommand(
    withCommon(new Command('list').description('what cache and engine hold')).action(
      act(async (cli, options: CommonOptions) => {
        const { inventory } = await import('../images-flow.ts');
        const held = await inventory(cli, withDeadline(cli.signal, options.timeout));
        cli.out(
          options.output === 'json'
            ? `${JSON.stringify(held, null, 2)}
`
            : inventoryText(held),
        );
        return EXIT.ok;
      }),
    ),
  );
  command.addCommand(
    withCommon(new Command('prune').description('remove what the present pins do not use'))
      .option('--all', 'remove everything: the next up builds for many minutes')
      .action(
        act(async (cli, options: PruneOptions) => {
          const { prune } = await import('../images-flow.ts');
          const removed = await prune(cli, options.all === true, withDeadline(cli.signal, options.timeout));
          cli.out(
            options.output === 'json'
              ? `${JSON.stringify(removed, null, 2)}\n`
              : `${inventoryText(removed)}removed ${removed.stages.length} stages and ${removed.images.length} images\n`,
          );
          return EXIT.ok;
        }),
      ),
  );
  return command;
}

function inventoryText({ stages, images }: Inventory): string {
  const cached = stages.map(
    ({ stage, key, bytes, state, madeAt }) =>
      `cache   ${stage.padEnd(16)} ${key}  ${megabytes(bytes).padStart(8)}  ${state.padEnd(10)} ${madeAt ?? '-'}\n`,
  );
  const held = images.map(({ reference, state }) => `engine  ${reference.padEnd(46)} ${state}\n`);
  return [...cached, ...held].join('');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
