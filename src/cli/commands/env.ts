import { access } from 'node:fs/promises';
import { Command } from 'commander';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { EXIT } from '../../errors/problems.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { json } from '../../report/json.ts';
import { publicHosts } from '../../topology/lab.ts';
import type { CliContext } from '../cli-context.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { say } from '../print.ts';
import { completedNoProxy } from '../shell-proxies.ts';
import type { Act } from '../act.ts';

interface EnvOptions extends CommonOptions {
  readonly ca?: boolean;
  readonly kubeconfig?: boolean;
}

export function envCommand(act: Act): Command {
  return withLab(withCommon(new Command('env')))
    .option('--ca', 'print only the path of the edge root certificate')
    .option('--kubeconfig', 'print only the path of the kubeconfig')
    .action(
      act(async (cli, options: EnvOptions) => {
        const { openLab } = await import('../wire.ts');
        const { context } = await openLab(cli, options);
        await ensureThere(context, withDeadline(cli.signal, options.timeout));
        const onePath = options.ca === true || options.kubeconfig === true;
        const extraCa = onePath ? context.files.edgeRoot : await extraCaFor(cli, context);
        cli.out(render(context, options, variables(context, extraCa, cli.env)));
        return EXIT.ok;
      }),
    );
}

async function extraCaFor(cli: CliContext, { files, lab }: LabContext): Promise<string> {
  const { nodeExtraCa } = await import('../../keys/node-extra-ca.ts');
  const { path, leftOut } = await nodeExtraCa(cli.env['NODE_EXTRA_CA_CERTS'], files, lab.name);
  if (leftOut !== undefined) say(cli, `${leftOut}\n`);
  return path;
}

async function ensureThere(context: LabContext, signal: AbortSignal): Promise<void> {
  const { files, lab } = context;
  try {
    await access(files.edgeRoot);
  } catch {
    const { refuseForeignLabIfAny } = await import('../../lab/whose.ts');
    await refuseForeignLabIfAny(context, signal);
    throw new MeshdevError('LAB_NOT_UP', {
      message: `looking for lab ${lab.name}: ${files.edgeRoot} does not exist`,
      remedies: [`meshdev up --name ${lab.name}`],
    });
  }
}

function render(context: LabContext, options: EnvOptions, values: ReturnType<typeof variables>): string {
  const { KUBECONFIG, MESHDEV_CA } = values;
  const one = options.ca === true ? { MESHDEV_CA } : options.kubeconfig === true ? { KUBECONFIG } : undefined;
  if (options.output === 'json') return json({ ...(one ?? values), schemaVersion: '1', kind: 'Environment' });
  if (one !== undefined) return `${Object.values(one).join('')}\n`;
  const resolve = publicHosts(context.lab).map(
    (host) => `--resolve ${host}:${context.lab.httpsPort}:127.0.0.1`,
  );
  const lines = Object.entries(values).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  return `${[...lines, `# if *.localhost does not resolve: curl ${resolve.join(' ')}`].join('\n')}\n`;
}

/** The names that tools read: Node.js, Python's requests, curl; and meshdev's own. */
function variables({ lab, files }: LabContext, extraCa: string, env: CliContext['env']) {
  return {
    KUBECONFIG: files.kubeconfig,
    MESHDEV_CA: files.edgeRoot,
    NODE_EXTRA_CA_CERTS: extraCa,
    MESHDEV_URL: lab.audience,
    MESHDEV_ISSUER: lab.issuer,
    ...completedNoProxy(env, lab.domain),
  };
}
