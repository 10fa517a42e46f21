import type { Bench } from './bench.ts';
import type { Restore } from './fault-injection.ts';

/**
 * Reloads Caddy, through its admin socket, with a changed Caddyfile; the file in the container stays as
 * it is, and restoring loads that.
 * @throws when the change changes nothing: then nothing would be tested
 */
export async function changeCaddyfile(bench: Bench, change: (caddyfile: string) => string): Promise<Restore> {
  const caddyfile = await bench
    .docker(['exec', bench.lab.containers.edge, 'cat', '/etc/caddy/Caddyfile'])
    .catch(() => readByCopy(bench));
  const changed = change(caddyfile);
  if (changed === caddyfile) throw new Error('the change leaves the Caddyfile as it is');
  await reload(bench, changed);
  return () => reload(bench, caddyfile);
}

/** The edge answers one path of the IdP's site by itself. */
export function answerForIdp(bench: Bench, path: string, document: object): Promise<Restore> {
  const answer = `header Content-Type application/json\n\t\trespond \`${JSON.stringify(document)}\``;
  return changeCaddyfile(bench, (caddyfile) =>
    caddyfile.replace(
      /\treverse_proxy http:\/\/[\s\S]*?\n\t\}\n/,
      (proxy) => `\thandle ${path} {\n\t\t${answer}\n\t}\n\thandle {\n${proxy}\t}\n`,
    ),
  );
}

async function reload(bench: Bench, caddyfile: string): Promise<void> {
  const source = ['--config', '-', '--adapter', 'caddyfile', '--address', 'unix//run/meshdev/admin.sock'];
  await bench.docker(
    ['exec', '-i', bench.lab.containers.edge, 'caddy', 'reload', '--force', ...source],
    caddyfile,
  );
}

/** A tar archive of one text file: its blocks of 512 bytes begin with the header. */
async function readByCopy(bench: Bench): Promise<string> {
  const archive = await bench.docker(['cp', `${bench.lab.containers.edge}:/etc/caddy/Caddyfile`, '-']);
  return archive.slice(512).replace(/\0+$/, '');
}
