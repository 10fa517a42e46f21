import type { IdpClosed, ProgramDifference } from '../../evidence/idp-closed.ts';
import { parseIdpConfig } from '../../guest/idp/config.ts';
import { configDifferences } from '../../idp/config-differences.ts';
import { idpConfig } from '../../idp/idp-config.ts';
import { publicJwk } from '../../keys/idp-secrets.ts';
import { jwkThumbprint } from '../../trust/token.ts';
import type { Needs } from '../probe-context.ts';

const CONFIG = '/etc/meshdev/idp.json';

/** Prints a digest and the path of every file of the program and of its packages. */
const DIGESTS = `const fs = require('node:fs'), { createHash } = require('node:crypto');
for (const file of fs.readdirSync('/opt/meshdev', { recursive: true, withFileTypes: true })) {
  if (!file.isFile()) continue;
  const path = file.parentPath + '/' + file.name;
  console.log(createHash('sha256').update(fs.readFileSync(path)).digest('hex') + ' ' + path);
}`;

/** What the running IdP is told and runs; the probe has the same image, and is what its files are compared with. */
export async function collectIdpClosed({
  context: { lab },
  engine,
  keys,
  signal,
}: Needs<'context' | 'engine' | 'keys' | 'signal'>): Promise<IdpClosed> {
  const { idp, probe } = lab.containers;
  const { jwks, cookieKeys, passwords, clientSecrets } = keys.idp;
  const machineSecret = clientSecrets[lab.clients.machine] ?? '';
  const planned = idpConfig(lab, { jwks, cookieKeys, passwords, machineSecret });
  const digests = async (container: string): Promise<ReadonlyMap<string, string>> => {
    const spec = { argv: ['node', '-e', DIGESTS], timeoutMs: 20_000 };
    const { stdout } = await engine.containers.exec(container, spec, signal);
    return digestsIn(stdout.toString('utf8'));
  };
  const [config, own, other] = await Promise.all([
    engine.containers.readFile(idp, CONFIG, signal),
    engine.containers.inspect(idp, signal),
    engine.containers.inspect(probe, signal),
  ]);
  const comparable = own !== undefined && own.imageId === other?.imageId;
  const [seen, wanted] = comparable
    ? await Promise.all([digests(idp), digests(probe)])
    : [new Map<string, string>(), new Map<string, string>()];
  return {
    declaredKeys: jwks.keys.flatMap((key) => jwkThumbprint(publicJwk(key)) ?? []),
    configuration:
      config === undefined
        ? [`it has no file ${CONFIG}`]
        : configDifferences(parseIdpConfig(config.toString('utf8')), planned),
    program: seen.size > 0 && wanted.size > 0 ? programDifferences(seen, wanted) : undefined,
  };
}

/** Pure: digests by path, of lines of both. */
export function digestsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line.includes(' '));
  return new Map(
    lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const),
  );
}

/** Pure: files of one container that are not those of the other. */
export function programDifferences(
  seen: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): readonly ProgramDifference[] {
  const added = [...seen.keys()].filter((path) => !wanted.has(path));
  const missing = [...wanted.keys()].filter((path) => !seen.has(path));
  const changed = [...seen].filter(([path, digest]) => wanted.has(path) && wanted.get(path) !== digest);
  return [
    ...changed.map(([path]) => ({ path, how: 'changed' as const })),
    ...added.map((path) => ({ path, how: 'added' as const })),
    ...missing.map((path) => ({ path, how: 'missing' as const })),
  ];
}
