import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { MadeBundle } from '../../images/bundle/create-bundle.ts';
import type { SeenBundle } from '../bundle-flow.ts';
import { megabytes } from '../../images/progress-bytes.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withChoice, withCommon, withConsent } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

export function bundleCommand(act: Act): Command {
  const command = new Command('bundle');
  command.addCommand(
    withConsent(
      withChoice(new Command('create').description('write the images and tools of a lab to one file')),
    )
      .argument('<file>', 'the file to write to')
      .action(
        act(async (cli, file: string, options: CommonOptions) => {
          const { createBundleFile } = await import('../bundle-flow.ts');
          const made = await createBundleFile(cli, file, options);
          // The line is for `sha256sum --check`: nobody folds it.
          cli.out(options.output === 'json' ? json(createdJson(made)) : createdText(made));
          return EXIT.ok;
        }),
      ),
  );
  for (const [name, summary, verify] of [
    ['inspect', 'print the content of a bundle; reads its manifest only', false],
    ['verify', 'verify the whole content of a bundle against its digests', true],
  ] as const) {
    command.addCommand(
      withCommon(new Command(name).description(summary))
        .argument('<file>', 'the bundle')
        .action(
          act(async (cli, file: string, options: CommonOptions) => {
            const { lookIntoBundle } = await import('../bundle-flow.ts');
            const seen = await lookIntoBundle(cli, file, { verify, timeout: options.timeout });
            if (options.output === 'json') cli.out(json(seenJson(seen)));
            else print(cli, seenText(seen));
            return EXIT.ok;
          }),
        ),
    );
  }
  return command;
}

function createdJson({ path, digest, bytes, manifest }: MadeBundle) {
  return {
    schemaVersion: '1',
    kind: 'BundleCreated',
    path,
    bytes,
    sha256: digest,
    platform: manifest.platform,
  } as const;
}

/** The digest as `sha256sum` writes it, so that its `--check` takes the line. */
function createdText({ path, digest }: MadeBundle): string {
  return `${digest}  ${path}\n`;
}

function seenJson({ path, bytes, sha256, manifest }: SeenBundle) {
  return {
    schemaVersion: '1',
    kind: 'Bundle',
    path,
    bytes,
    verified: sha256 !== undefined,
    sha256,
    manifest,
  } as const;
}

function seenText({ path, bytes, sha256, manifest }: SeenBundle): string {
  const { platform, images, tools, blobs } = manifest;
  const row = (name: string, value: string): string => `  ${name.padEnd(10)} ${value}\n`;
  const size = (wanted: string): string =>
    megabytes(blobs.find(({ digest }) => digest === wanted)?.size ?? 0);
  return [
    `bundle ${path}   ${megabytes(bytes)}   ${sha256 === undefined ? 'not verified' : 'verified'}\n`,
    sha256 === undefined ? '' : row('sha256', sha256),
    row('made by', `meshdev ${manifest.meshdev}, from ${manifest.source} (${manifest.profile} Envoy)`),
    row('images for', platform.images),
    row('tools for', platform.tools),
    ...images.engine.map(({ name, config }) => row('engine', `${name}  ${config.digest}`)),
    ...images.node.map(({ name, manifest: one }) => row('node', `${name}  ${one.digest}`)),
    ...tools.map(({ name, blob }) => row('tool', `${name}  ${blob}  ${size(blob)}`)),
  ].join('');
}
