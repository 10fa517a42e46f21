import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A docker context other than `default`, as the docker CLI stores it. */
export interface DockerContext {
  readonly name: string;
  /** Where it points, in the notation of DOCKER_HOST; undefined when its file cannot be read. */
  readonly host: string | undefined;
  /** Directory of its TLS files; the docker CLI makes it only when there are some. */
  readonly tlsDir: string | undefined;
}

const CliConfig = z.object({ currentContext: z.string().optional() });
const Meta = z.object({ Name: z.string(), Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/**
 * The context that the docker CLI would use.
 * @param configDir DOCKER_CONFIG or ~/.docker
 * @param override the value of DOCKER_CONTEXT, which beats the configuration file
 * @returns undefined for the default context
 */
export async function readDockerContext(
  configDir: string,
  override: string | undefined,
): Promise<DockerContext | undefined> {
  const name =
    override ?? CliConfig.safeParse(await readJson(join(configDir, 'config.json'))).data?.currentContext;
  if (name === undefined || name === '' || name === 'default') return undefined;
  // The CLI names the directories of a context after the digest of its name.
  const digest = createHash('sha256').update(name).digest('hex');
  const meta = Meta.safeParse(await readJson(join(configDir, 'contexts', 'meta', digest, 'meta.json')));
  const tlsDir = join(configDir, 'contexts', 'tls', digest, 'docker');
  const hasTls = (await readText(join(tlsDir, 'ca.pem'))) !== undefined;
  return { name, host: meta.data?.Endpoints.docker.Host, tlsDir: hasTls ? tlsDir : undefined };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
