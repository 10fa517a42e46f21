import { homedir } from 'node:os';
import type { CliContext } from '../../../src/cli/cli-context.ts';
import { openLab } from '../../../src/cli/wire.ts';
import type { LabContext } from '../../../src/lab/lab-context.ts';
import { ROOT } from './bench.ts';

/** A lab of the benchmarks: beside any other one on this machine. */
export const LAB = { name: 'bench', httpsPort: '9443' };

/** The same lab as `meshdev --name bench` sees it, opened in this process. */
export async function openBenchLab(stateDir: string, signal: AbortSignal): Promise<LabContext> {
  const cli: CliContext = {
    env: { ...process.env, XDG_STATE_HOME: stateDir },
    home: process.env['HOME'] ?? homedir(),
    cwd: stateDir,
    uid: process.getuid?.() ?? -1,
    pid: process.pid,
    platform: process.platform,
    arch: process.arch,
    packageDir: ROOT,
    out: () => undefined,
    err: () => undefined,
    outIsTty: false,
    interactive: false,
    colour: { out: false, err: false },
    signal,
  };
  const { context } = await openLab(cli, LAB);
  return context;
}
