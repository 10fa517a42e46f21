import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { Endpoint } from './endpoint.ts';
import { parseJson } from '../../parse-json.ts';

/** Read from where Docker keeps them, held in memory for one run, written nowhere. */
export type Credential =
  | { readonly kind: 'password'; readonly user: string; readonly secret: string }
  /** An identity token of `docker login`: exchanged for an access token. */
  | { readonly kind: 'refresh'; readonly secret: string };

export type FindCredential = (endpoint: Endpoint, signal: AbortSignal) => Promise<Credential | undefined>;

const Config = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type Config = z.infer<typeof Config>;

const Helped = z.object({ Username: z.string(), Secret: z.string() });

/** Credentials of `docker login`, by the rules of the docker client. @param configDir DOCKER_CONFIG or ~/.docker */
export function dockerCredentials(configDir: string, runner: ProcessRunner): FindCredential {
  return async ({ credentialKeys }, signal) => {
    const config = await readConfig(join(configDir, 'config.json'));
    for (const key of credentialKeys) {
      const helper = config.credHelpers?.[key] ?? config.credsStore;
      const found = helper === undefined ? undefined : await askHelper(runner, helper, key, signal);
      const credential = found ?? fromFile(config, key);
      if (credential !== undefined) return credential;
    }
    return undefined;
  };
}

async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const parsed = Config.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading the credentials of Docker: ${path} is not understood`,
    remedies: [`docker login`, `python3 -m json.tool ${path}`],
  });
}

function fromFile({ auths }: Config, key: string): Credential | undefined {
  const entry = auths?.[key];
  if (entry?.identitytoken !== undefined) return { kind: 'refresh', secret: entry.identitytoken };
  if (entry?.auth === undefined || entry.auth === '') return undefined;
  const text = Buffer.from(entry.auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { kind: 'password', user: text.slice(0, colon), secret: text.slice(colon + 1).replace(/\0+$/, '') };
}

/** A helper that has nothing for the key says so with a non-zero exit; it gets the key on stdin. */
async function askHelper(
  runner: ProcessRunner,
  helper: string,
  key: string,
  signal: AbortSignal,
): Promise<Credential | undefined> {
  const program = `docker-credential-${helper}`;
  const { exitCode, stdout } = await runner.run(program, ['get'], { stdin: key, allowFailure: true, signal });
  const answer = exitCode === 0 ? Helped.safeParse(parseJson(stdout)).data : undefined;
  if (answer === undefined || answer.Secret === '') return undefined;
  // The docker client marks identity tokens with this name.
  if (answer.Username === '<token>') return { kind: 'refresh', secret: answer.Secret };
  return { kind: 'password', user: answer.Username, secret: answer.Secret };
}
