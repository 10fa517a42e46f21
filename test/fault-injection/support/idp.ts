import type { Bench } from './bench.ts';
import type { Restore } from './fault-injection.ts';

const CONFIG = '/etc/meshdev/idp.json';
const PROGRAM = '/opt/meshdev/guest/idp/provider-settings.js';

/** Starts the IdP anew with another configuration. @throws when the change changes nothing */
export function changeIdpConfig(bench: Bench, change: (json: string) => string): Promise<Restore> {
  return changeFile(bench, { path: CONFIG, user: [] }, change);
}

/** Starts the IdP anew with another program. @throws when the change changes nothing */
export function changeIdpProgram(bench: Bench, change: (source: string) => string): Promise<Restore> {
  return changeFile(bench, { path: PROGRAM, user: ['-u', '0'] }, change);
}

/** Starts the IdP anew with one file of its program changed. @throws when the change changes nothing */
export function changeIdpFile(
  bench: Bench,
  path: string,
  change: (source: string) => string,
): Promise<Restore> {
  return changeFile(bench, { path, user: ['-u', '0'] }, change);
}

interface File {
  readonly path: string;
  /** Whoever may write it: without CAP_DAC_OVERRIDE root may not touch the files of others. */
  readonly user: readonly string[];
}

async function changeFile(bench: Bench, file: File, change: (text: string) => string): Promise<Restore> {
  const { path, user } = file;
  const before = await bench.docker(['exec', ...user, bench.lab.containers.idp, 'cat', path]);
  const after = change(before);
  if (after === before) throw new Error(`the change leaves ${path} of the IdP as it is`);
  await restartWith(bench, file, after);
  return () => restartWith(bench, file, before);
}

async function restartWith(bench: Bench, { path, user }: File, text: string): Promise<void> {
  const { idp } = bench.lab.containers;
  const write = `require('node:fs').writeFileSync(process.argv[1], require('node:fs').readFileSync(0))`;
  await bench.docker(['exec', '-i', ...user, idp, 'node', '-e', write, path], text);
  await bench.docker(['restart', '-t', '1', idp]);
}
