import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { parseJson } from '../../parse-json.ts';
import {
  askHelper,
  type Credential,
  type HelperAnswer,
  type Helpers,
  helperTrouble,
} from './credential-helper.ts';
import type { Endpoint } from './endpoint.ts';
import type { HelperTrouble } from './failures.ts';

export interface FoundCredential {
  readonly credential?: Credential;
  /** A helper could not be asked: there may be credentials all the same. */
  readonly trouble?: HelperTrouble;
}

export type FindCredential = (endpoint: Endpoint, signal: AbortSignal) => Promise<FoundCredential>;

const Config = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type Config = z.infer<typeof Config>;

/** Credentials of `docker login`, by the rules of the docker client. @param configDir DOCKER_CONFIG or ~/.docker */
export function dockerCredentials(configDir: string, helpers: Helpers): FindCredential {
  const path = join(configDir, 'config.json');
  // One that hangs or fails is asked once in a run, however many images there are.
  const troubles = new Map<string, HelperTrouble>();
  const asked = new Map<string, Promise<HelperAnswer>>();
  const askOnce = async (helper: string, key: string, signal: AbortSignal): Promise<FoundCredential> => {
    const known = troubles.get(helper);
    if (known !== undefined) return { trouble: known };
    const question = `${helper} ${key}`;
    const answer = asked.get(question) ?? askHelper(helpers, helper, key, signal);
    asked.set(question, answer);
    answer.catch(() => asked.delete(question));
    const { credential, because } = await answer;
    if (because === undefined) return credential === undefined ? {} : { credential };
    const trouble = helperTrouble({ path, key, helper, because });
    if (!troubles.has(helper)) helpers.say(`${trouble.seen}; continuing without credentials`);
    troubles.set(helper, trouble);
    return { trouble };
  };
  return async ({ credentialKeys }, signal) => {
    const config = await readConfig(path);
    let trouble: HelperTrouble | undefined;
    for (const key of credentialKeys) {
      const helper = config.credHelpers?.[key] ?? config.credsStore;
      const found = helper === undefined ? {} : await askOnce(helper, key, signal);
      trouble ??= found.trouble;
      const credential = found.credential ?? fromFile(config, key);
      if (credential !== undefined) return { credential };
    }
    return trouble === undefined ? {} : { trouble };
  };
}

async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const parsed = Config.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading the credentials of Docker: ${path} cannot be parsed`,
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
