import { join } from 'node:path';
import { Document, isCollection, isScalar } from 'yaml';
import { fileMistakes } from '../config/look-at-files.ts';
import { mistakenFiles } from '../config/manifest-mistakes.ts';
import { readConfigFile } from '../config/read.ts';
import { personasOf, servicesOf } from '../config/services/derive.ts';
import { notDeployed } from '../config/services/not-deployed.ts';
import { type ShownConfig, showConfig } from '../config/show.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { accessOf, type ServiceAccess } from '../report/access-text.ts';
import type { CliContext } from './cli-context.ts';
import type { CommonOptions } from './options.ts';
import { openLab, readManifestsOf, wantedManifests } from './wire.ts';

/** What `config validate` found; a file with mistakes is an error instead. */
export interface Validation {
  readonly path: string;
  readonly valid: true;
  readonly services: readonly string[];
  readonly users: readonly string[];
  /** What this version does not do with the file. */
  readonly notes: readonly string[];
}

/** @throws MeshdevError CONFIG_INVALID with every mistake at once */
export async function validateFile(cli: CliContext, given: string | undefined): Promise<Validation> {
  const path = given ?? join(cli.cwd, 'meshdev.yaml');
  const file = await readConfigFile(path, { required: given !== undefined, zone: cli.env['MESHDEV_DOMAIN'] });
  if (file === undefined)
    throw new MeshdevError('CONFIG_INVALID', {
      message: `looking for a configuration: ${path} does not exist`,
      remedies: ['meshdev init', 'meshdev config validate FILE'],
    });
  const { values } = file;
  const [missing, manifests] = await Promise.all([fileMistakes(path, values), readManifestsOf(cli, file)]);
  // A path that is not there is said once, with its place.
  const gone = new Set(missing.map(({ path: keys, message }) => `${String(keys[1])} ${message}`));
  const wrong = manifests.problems.filter(({ service, message }) => !gone.has(`${service} ${message}`));
  if (missing.length > 0 || wrong.length > 0) throw await mistakenFiles(path, missing, wrong);
  const note = notDeployed(values);
  return {
    path,
    valid: true,
    services: Object.keys(values.services ?? {}),
    users: personasOf(values).map(({ name }) => name),
    notes: note === undefined ? [] : [note],
  };
}

export function validationText({ path, services, users, notes }: Validation): string {
  const list = (what: string, names: readonly string[]): string =>
    `${what.padEnd(9)} ${names.length === 0 ? 'none' : names.join(', ')}\n`;
  const lines = [
    list('services', services),
    list('users', users),
    ...notes.map((note) => list('note', [note])),
  ];
  return `${path} is valid\n${lines.join('')}`;
}

/** What is in force for the lab, whether or not it is there. */
export async function shownConfig(cli: CliContext, options: CommonOptions): Promise<ShownConfig> {
  const { config, file, services } = await openDeclared(cli, options);
  return showConfig({ config, file, services, personas: personasOf(file?.values ?? {}) });
}

/** The lab with the services of its file as their manifests say them. */
async function openDeclared(cli: CliContext, options: CommonOptions) {
  const opened = await openLab(cli, options);
  const { file, context } = opened;
  const manifests = await wantedManifests(cli, file);
  return { ...opened, services: servicesOf(file?.values ?? {}, context.lab, manifests?.facts) };
}

/**
 * The access matrix that follows from the file, of one service or of all.
 * @throws MeshdevError USAGE for a service that the file has not
 */
export async function declaredAccess(
  cli: CliContext,
  options: CommonOptions,
  service: string | undefined,
): Promise<readonly ServiceAccess[]> {
  const { context, services } = await openDeclared(cli, options);
  const all = accessOf(services, context.lab.users);
  if (service === undefined) return all;
  const found = all.filter((one) => one.service === service);
  if (found.length > 0) return found;
  const ids = all.map((one) => one.service);
  throw new MeshdevError('USAGE', {
    message: `looking for a service: meshdev.yaml has no service ${JSON.stringify(service)}${didYouMean(nearest(service, ids)) || '.'} It has ${ids.join(', ') || 'none'}`,
    remedies: ['meshdev config validate'],
  });
}

/** With origins, each stands beside its value. */
export function shownText({ origins, ...values }: ShownConfig, withOrigins: boolean): string {
  const document = new Document(values);
  if (withOrigins)
    for (const [path, origin] of Object.entries(origins)) comment(document, path.split('/'), origin);
  return document.toString({ lineWidth: 0 });
}

function comment(document: Document, path: readonly string[], origin: string): void {
  const node = document.getIn(path, true);
  if (isScalar(node)) node.comment = ` ${origin}`;
  if (isCollection(node)) {
    node.flow = node.items.length === 0;
    node[node.flow ? 'comment' : 'commentBefore'] = ` ${origin}`;
  }
}
