import { EXIT } from '../errors/problems.ts';
import { lockPathOf } from '../images/registry/deps.ts';
import { type ImageLock, readLock } from '../images/registry/lock-file.ts';
import { type LockChange, updateLock } from '../images/registry/update-lock.ts';
import type { CliContext } from './cli-context.ts';
import { json } from '../report/json.ts';
import type { CommonOptions } from './options.ts';
import { print } from './print.ts';
import { runScopeOf } from './run-scope-of.ts';
import { openLab } from './wire.ts';
import { registryDeps } from './wire-images.ts';

/** Shows what is recorded; with `update`, records what the names lead to now. Returns the exit code. */
export async function lockImages(cli: CliContext, options: CommonOptions, update: boolean): Promise<number> {
  const { wiring } = await openLab(cli, options, true);
  const deps = registryDeps(wiring);
  const path = lockPathOf(deps);
  const changes = update ? await updateLock(deps, runScopeOf(cli, options)) : undefined;
  const lock = await readLock(path);
  if (options.output === 'json')
    cli.out(json({ ...lock, schemaVersion: '1', kind: 'ImageLock', path, changes }));
  else print(cli, changes === undefined ? lockText(path, lock) : changesText(path, changes));
  return EXIT.ok;
}

function lockText(path: string, { images, files }: ImageLock): string {
  const entries = Object.entries({ ...images, ...files });
  const lines = entries.map(([name, digest]) => `${digest}  ${name}\n`);
  return `${lines.join('')}${entries.length} digests recorded in ${path}\n`;
}

function changesText(path: string, changes: readonly LockChange[]): string {
  const lines = changes.map(({ name, before, after }) => {
    // A mirror that has what meshdev itself pins needs no entry of its own.
    if (after === undefined)
      return `dropped  ${before ?? ''}  ${name}, its digest is pinned by meshdev again\n`;
    const word = before === undefined ? 'new     ' : before === after ? 'same    ' : 'changed ';
    return `${word} ${after}  ${name}${before === undefined || before === after ? '' : `, was ${before}`}\n`;
  });
  return `${lines.join('')}recorded in ${path}\n`;
}
