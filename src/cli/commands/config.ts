import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withLab, withShape } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

interface ShowOptions extends CommonOptions {
  readonly origin?: boolean;
}

export function configCommand(act: Act): Command {
  return new Command('config')
    .addCommand(validateCommand(act))
    .addCommand(showCommand(act))
    .addCommand(accessCommand(act))
    .addCommand(schemaCommand(act));
}

function validateCommand(act: Act): Command {
  return withCommon(new Command('validate').description('every mistake of a file, with line and column'))
    .argument('[file]', 'the file (default meshdev.yaml)')
    .action(
      act(async (cli, file: string | undefined, options: CommonOptions) => {
        const { validateFile, validationText } = await import('../config-flow.ts');
        const validation = await validateFile(cli, file);
        if (options.output === 'json')
          cli.out(json({ schemaVersion: '1', kind: 'ConfigValidation', ...validation }));
        else print(cli, validationText(validation));
        return EXIT.ok;
      }),
    );
}

function showCommand(act: Act): Command {
  const command = new Command('show').description(
    'print the effective configuration, with defaults and derived values',
  );
  return withShape(withLab(withCommon(command, ['text', 'yaml', 'json'])))
    .option('--origin', 'also where each value comes from')
    .action(
      act(async (cli, options: ShowOptions) => {
        const { shownConfig, shownText } = await import('../config-flow.ts');
        const shown = await shownConfig(cli, options);
        if (options.output === 'json') {
          const { origins, ...values } = shown;
          const more = options.origin === true ? { origins } : {};
          cli.out(json({ schemaVersion: '1', kind: 'Config', ...values, ...more }));
        } else cli.out(shownText(shown, options.origin === true));
        return EXIT.ok;
      }),
    );
}

function accessCommand(act: Act): Command {
  const command = new Command('access').description('who may call what, as meshdev.yaml says');
  return withShape(withLab(withCommon(command)))
    .argument('[service]', 'one service (default: every one)')
    .action(
      act(async (cli, service: string | undefined, options: CommonOptions) => {
        const { declaredAccess } = await import('../config-flow.ts');
        const { accessText } = await import('../../report/access-text.ts');
        const access = await declaredAccess(cli, options, service);
        if (options.output === 'json')
          cli.out(json({ schemaVersion: '1', kind: 'DeclaredAccess', services: access }));
        else print(cli, accessText(access));
        return EXIT.ok;
      }),
    );
}

function schemaCommand(act: Act): Command {
  return withCommon(new Command('schema').description('the JSON Schema of meshdev.yaml, for editors')).action(
    act(async (cli, options: CommonOptions) => {
      const { configJsonSchema } = await import('../../config/json-schema.ts');
      const schema = configJsonSchema();
      cli.out(
        options.output === 'json'
          ? json({ schemaVersion: '1', kind: 'ConfigSchema', schema })
          : `${JSON.stringify(schema, null, 2)}\n`,
      );
      return EXIT.ok;
    }),
  );
}
