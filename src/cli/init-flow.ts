import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { openQuestions } from '../adapters/inquirer-questions.ts';
import { importCompose } from '../config/compose/import-compose.ts';
import { newFile, newService } from '../config/new-file.ts';
import { parseConfig } from '../config/read.ts';
import { notDeployed } from '../config/services/not-deployed.ts';
import { SOURCE_KEYS } from '../config/services/service-schema.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { Questions } from '../ports/questions.ts';
import type { CliContext } from './cli-context.ts';
import { askConsent } from './consent.ts';
import { withDeadline } from './deadline.ts';
import { askForServices } from './init-questions.ts';
import type { CommonOptions } from './options.ts';

export interface InitOptions extends CommonOptions {
  readonly from?: string;
  readonly service?: string;
  readonly image?: string;
  readonly build?: string;
  readonly manifests?: string;
  readonly local?: boolean;
  readonly port?: string;
  readonly appProtocol?: string;
  readonly host?: string;
  readonly role?: readonly string[];
}

export interface WrittenFile {
  readonly path: string;
  readonly services: readonly string[];
  readonly notes: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

interface Content {
  readonly values: Values;
  readonly notes: readonly string[];
}

/**
 * Writes meshdev.yaml. What it writes is valid: it has been read as `up` reads it.
 * @param ask opens the questions, for a person who is there
 * @throws MeshdevError CONSENT_NEEDED where a file is there already; CONFIG_INVALID, USAGE
 */
export async function initFile(
  cli: CliContext,
  options: InitOptions,
  ask: (signal: AbortSignal) => Promise<Questions> = openQuestions,
): Promise<WrittenFile> {
  const signal = withDeadline(cli.signal, options.timeout);
  const path = resolve(cli.cwd, options.config ?? 'meshdev.yaml');
  const { values, notes } = await contentOf(cli, options, () => ask(signal));
  const text = newFile(values);
  // Lines of a file that is not there yet: what stands at the path may be another one.
  const read = parseConfig(`the new ${basename(path)}`, text);
  await write(path, text, () => mayReplace(cli, options, path, signal));
  const note = notDeployed(read);
  return {
    path,
    services: Object.keys(read.services ?? {}),
    notes: [...notes, ...(note === undefined ? [] : [note])],
  };
}

async function contentOf(
  cli: CliContext,
  options: InitOptions,
  ask: () => Promise<Questions>,
): Promise<Content> {
  const lab = labValues(options);
  if (options.from !== undefined) {
    refuseOtherDirectory(cli, options.from, options.config);
    const { services, notes } = importCompose(options.from, await readCompose(cli, options.from), lab);
    return { values: { ...lab, services }, notes };
  }
  if (options.service !== undefined)
    return { values: { ...lab, services: serviceOfFlags(options) }, notes: [] };
  if (!cli.interactive || !options.input || Object.keys(lab).length > 0) return { values: lab, notes: [] };
  return { values: await askForServices(await ask()), notes: [] };
}

function labValues({ name, domain, httpsPort }: InitOptions): Values {
  return {
    ...(name === undefined ? {} : { name }),
    ...(domain === undefined ? {} : { domain }),
    ...(httpsPort === undefined ? {} : { httpsPort: Number(httpsPort) }),
  };
}

function serviceOfFlags(options: InitOptions): Values {
  const { service = '', port, appProtocol = 'http', host = '', role: roles = [] } = options;
  const sources = SOURCE_KEYS.filter((key) => options[key] !== undefined);
  const [source] = sources;
  if (source === undefined || sources.length > 1 || port === undefined)
    throw new MeshdevError('USAGE', {
      message: `describing the service ${service}: needs --port and exactly one of --image, --build, --manifests and --local`,
      remedies: [`meshdev init --service ${service} --build . --port 8080 --host ${service} --role admin`],
    });
  const from = String(options[source]);
  return {
    [service]: newService({ id: service, source, from, port: Number(port), appProtocol, host, roles }),
  };
}

/** Both files name directories and files relative to themselves. */
function refuseOtherDirectory(cli: CliContext, from: string, config = 'meshdev.yaml'): void {
  const [source, target] = [from, config].map((path) => dirname(resolve(cli.cwd, path)));
  if (source === target) return;
  throw new MeshdevError('USAGE', {
    message: `importing ${from}: its paths are relative to ${source}, and ${config} would be in ${target}`,
    remedies: [`meshdev init --from ${from} --config ${source}/meshdev.yaml`],
  });
}

async function readCompose({ cwd }: CliContext, path: string): Promise<string> {
  return readFile(resolve(cwd, path), 'utf8').catch((cause: unknown) => {
    throw new MeshdevError('USAGE', {
      message: `reading the compose file ${path}: ${textOf(cause)}`,
      remedies: ['meshdev init --from compose.yaml'],
      cause,
    });
  });
}

/** Never over a file that is there, unless its owner says so; a file that appears meanwhile is one too. */
async function write(path: string, text: string, mayReplaceIt: () => Promise<void>): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT')
      throw new MeshdevError('USAGE', {
        message: `writing the configuration: the directory ${dirname(path)} does not exist`,
        remedies: [`mkdir -p ${dirname(path)}`],
        cause: error,
      });
    if (code !== 'EEXIST') throw error;
    await mayReplaceIt();
    await writeFile(path, text);
  }
}

async function mayReplace(
  cli: CliContext,
  options: InitOptions,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const what = `replace the file ${path}`;
  if (await askConsent(cli, options, [{ what }], signal)) return;
  throw new MeshdevError('CONSENT_NEEDED', {
    message: `writing the configuration: ${path} exists already, and is left as it is`,
    remedies: ['meshdev init --yes', 'meshdev init --config another.yaml'],
  });
}
