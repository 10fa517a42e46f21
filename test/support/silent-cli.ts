import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CliContext } from '../../src/cli/cli-context.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a command sees of this process, with an environment and a directory of its own; says nothing. */
export function silentCli({ env, cwd, signal }: Pick<CliContext, 'env' | 'cwd' | 'signal'>): CliContext {
  return {
    env,
    home: env['HOME'] ?? homedir(),
    cwd,
    uid: process.getuid?.() ?? -1,
    pid: process.pid,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    packageDir: ROOT,
    out: () => undefined,
    err: () => undefined,
    outBytes: () => undefined,
    errBytes: () => undefined,
    readerGone: new AbortController().signal,
    stdin: () => Readable.from([]),
    outIsTty: false,
    terminal: undefined,
    interactive: false,
    columns: { out: () => undefined, err: () => undefined },
    colour: { out: false, err: false },
    signal,
  };
}
