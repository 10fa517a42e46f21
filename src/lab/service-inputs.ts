import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { LabKeys } from '../keys/lab-keys.ts';
import type { LabMaterial, ServiceMaterial } from '../mesh/manifests/services/service-material.ts';
import type { ContainerService, SecretSource } from '../topology/service.ts';
import type { Project } from './lab-context.ts';

/**
 * Reads what the container of a service is given: env files, secrets, files of the project.
 * @throws MeshdevError CONFIG_INVALID naming the file or variable that is not there; never its value
 */
export async function serviceInputs(
  { id, container }: ContainerService,
  { dir, env }: Project,
): Promise<Omit<ServiceMaterial, 'image'>> {
  const read = (key: string, file: string): Promise<Buffer> => readInput(`services.${id}.${key}`, dir, file);
  const envFiles = await Promise.all(
    container.envFiles.map(async (file) => parseEnv((await read('env_file', file)).toString('utf8'))),
  );
  const secrets = await Promise.all(
    container.secrets.map(async (secret) => ({ secret, value: await secretValue(id, secret, env, read) })),
  );
  const files = await Promise.all(
    container.volumes.map(async (volume) =>
      volume.kind === 'file' ? [[volume.at, await read('volumes', volume.source)] as const] : [],
    ),
  );
  const asVariables = secrets.flatMap(({ secret: { variable }, value }) =>
    variable === undefined ? [] : [[variable, withoutLastLineEnd(value)] as const],
  );
  const asFiles = secrets.flatMap(({ secret: { name, variable }, value }) =>
    variable === undefined ? [[name, value] as const] : [],
  );
  return {
    variables: Object.fromEntries([...envFiles.flatMap(definedOf), ...asVariables]),
    secretFiles: Object.fromEntries(asFiles),
    files: Object.fromEntries(files.flat()),
  };
}

/** What the lab gives to the pods of every service. */
export function labMaterial({ edge, mesh }: LabKeys): LabMaterial {
  return {
    edgeRootPem: edge.rootPem,
    meshRootPem: mesh.cacerts['root-cert.pem'],
    digestKey: mesh.cacerts['ca-key.pem'],
  };
}

function definedOf(
  values: Readonly<Record<string, string | undefined>>,
): readonly (readonly [string, string])[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}

async function secretValue(
  id: string,
  { name, from }: SecretSource,
  env: Project['env'],
  read: (key: string, file: string) => Promise<Buffer>,
): Promise<Buffer> {
  if ('file' in from) return read(`secrets.${name}.file`, from.file);
  const value = env[from.environment];
  if (value !== undefined) return Buffer.from(value);
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading services.${id}.secrets.${name}: the variable ${from.environment} is not set in this shell`,
    remedies: [`export ${from.environment}=…`],
  });
}

/** A line end at the end of a file is the editor's, and no program expects one in a variable. */
function withoutLastLineEnd(value: Buffer): string {
  return value.toString('utf8').replace(/\r?\n$/, '');
}

async function readInput(what: string, dir: string, file: string): Promise<Buffer> {
  try {
    return await readFile(resolve(dir, file));
  } catch (cause) {
    throw new MeshdevError('CONFIG_INVALID', {
      message: `reading ${what}: ${textOf(cause)}`,
      remedies: ['meshdev config validate'],
      cause,
    });
  }
}
