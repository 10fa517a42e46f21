import { openLab } from '../../../src/cli/wire.ts';
import type { LabContext } from '../../../src/lab/lab-context.ts';
import { silentCli } from '../../support/silent-cli.ts';

/** A lab of the benchmarks: beside any other one on this machine. */
export const LAB = { name: 'bench', httpsPort: '9443' };

/** The same lab as `meshdev --name bench` sees it, or as it sees another of that name, opened in this process. */
export async function openBenchLab(
  stateDir: string,
  signal: AbortSignal,
  chosen: { readonly name: string } = LAB,
): Promise<LabContext> {
  const cli = silentCli({ env: { ...process.env, XDG_STATE_HOME: stateDir }, cwd: stateDir, signal });
  const { context } = await openLab(cli, chosen);
  return context;
}
