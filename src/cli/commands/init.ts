import { Command, Option } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import { json } from '../../report/json.ts';
import { APP_PROTOCOLS } from '../../topology/service.ts';
import type { InitOptions } from '../init-flow.ts';
import { withCommon, withConsent } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

export function initCommand(act: Act): Command {
  return withConsent(withCommon(new Command('init')))
    .option('-n, --name <name>', 'name of the lab (default "demo")')
    .option('--domain <zone>', 'DNS zone of the lab (default "mesh.localhost")')
    .option('--https-port <port>', 'port of the edge on 127.0.0.1 (default 443)')
    .option('--config <file>', 'the file to write (default meshdev.yaml)')
    .option('--from <compose>', 'take the services of this compose file')
    .option('--service <id>', 'a service of yours; the flags below describe it')
    .option('--image <image>', 'its image')
    .option('--build <dir>', 'or the directory that its image is built from')
    .option('--manifests <path>', 'or the Kubernetes objects that it is')
    .option('--local', 'or a process on this machine')
    .option('--port <port>', 'the port that it listens on')
    .addOption(new Option('--app-protocol <protocol>', 'what it speaks').choices(APP_PROTOCOLS))
    .option('--host <host>', 'its host at the edge (default: none, inside the mesh only)')
    .option('--role <role...>', 'roles that may call it')
    .action(
      act(async (cli, options: InitOptions) => {
        const { initFile } = await import('../init-flow.ts');
        const { path, services, notes } = await initFile(cli, options);
        if (options.output === 'json')
          cli.out(json({ schemaVersion: '1', kind: 'ConfigCreated', path, services, notes }));
        else print(cli, [`wrote ${path}\n`, ...notes.map((note) => `note      ${note}\n`)].join(''));
        return EXIT.ok;
      }),
    );
}
