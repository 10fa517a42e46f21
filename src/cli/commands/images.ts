import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Inventory } from '../../images/packages/inventory.ts';
import type { PulledImage } from '../../images/registry/inventory.ts';
import { megabytes } from '../../images/progress-bytes.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withChoice, withConsent } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

interface LockOptions extends CommonOptions {
  readonly update?: boolean;
}

interface PruneOptions extends CommonOptions {
  readonly all?: boolean;
}

export function imagesCommand(act: Act): Command {
  const command = new Command('images');
  command.addCommand(
    withConsent(
      withChoice(
        new Command('build').description('pull or build missing images, and load them into the engine'),
      ),
    ).action(
      act(async (cli, options: CommonOptions) => {
        const { buildImages } = await import('../images-flow.ts');
        return buildImages(cli, options);
      }),
    ),
  );
  command.addCommand(
    withChoice(new Command('list').description('list the images in the caches and the engine')).action(
      act(async (cli, options: CommonOptions) => {
        const { inventory } = await import('../images-flow.ts');
        const held = await inventory(cli, options);
        if (options.output === 'json') cli.out(json({ schemaVersion: '1', kind: 'ImageInventory', ...held }));
        else print(cli, inventoryText(held));
        return EXIT.ok;
      }),
    ),
  );
  command.addCommand(
    withChoice(new Command('prune').description('remove images that the current pins do not use'))
      .option('--all', 'remove all images; the next `meshdev up` pulls or builds them again')
      .action(
        act(async (cli, options: PruneOptions) => {
          const { prune } = await import('../images-flow.ts');
          const removed = await prune(cli, options, options.all === true);
          if (options.output === 'json')
            cli.out(json({ schemaVersion: '1', kind: 'ImagesPruned', ...removed }));
          else print(cli, prunedText(removed));
          return EXIT.ok;
        }),
      ),
  );
  command.addCommand(
    withChoice(new Command('lock').description('list the digests recorded at the first pull'))
      .option('--update', 'record the digests that the names refer to now')
      .action(
        act(async (cli, options: LockOptions) => {
          const { lockImages } = await import('../images-lock.ts');
          return lockImages(cli, options, options.update === true);
        }),
      ),
  );
  return command;
}

function prunedText(removed: Inventory): string {
  return `${inventoryText(removed)}removed ${removed.stages.length} stages and ${removed.images.length} images\n`;
}

type Held = Inventory & { readonly pulled?: readonly PulledImage[] };

function inventoryText({ stages, images, pulled = [] }: Held): string {
  const cached = stages.map(
    ({ stage, key, bytes, state, madeAt }) =>
      `cache   ${stage.padEnd(16)} ${key}  ${megabytes(bytes).padStart(8)}  ${state.padEnd(10)} ${madeAt ?? '-'}\n`,
  );
  const held = images.map(({ reference, state }) => `engine  ${reference.padEnd(46)} ${state}\n`);
  const whole = pulled.map(
    ({ name, digest, bytes }) => `pulled  ${name.padEnd(46)} ${megabytes(bytes).padStart(8)}  ${digest}\n`,
  );
  return [...cached, ...whole, ...held].join('');
}
