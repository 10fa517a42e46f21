import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AnyCheck } from '../../../src/checks/check.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { openLab } from '../../../src/cli/wire.ts';
import type { LabContext } from '../../../src/lab/lab-context.ts';
import { proveChain } from '../../../src/up/prove/prove-chain.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import { must } from '../../support/e2e-program.ts';
import { silentCli } from '../../support/silent-cli.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** All fault injections and fifty checks on a slow machine. */
const LONGEST_RUN_MS = 6 * 3_600_000;

/** A running lab to break and to judge, opened in this process. */
export interface Bench {
  readonly lab: Lab;
  readonly context: LabContext;
  /** Home directory of whoever uses the lab. */
  readonly home: string;
  check(checks?: readonly AnyCheck[]): Promise<CheckReport>;
  /** kubectl of the node itself: what a person would use, and nothing of meshdev's. @returns stdout */
  kubectl(...argv: readonly string[]): Promise<string>;
  /** @returns stdout */
  docker(argv: readonly string[], stdin?: string): Promise<string>;
  /** The program itself, on this lab. @returns stdout */
  meshdev(command: string, ...argv: readonly string[]): Promise<string>;
}

/** Opens a lab by name, as meshdev with this environment sees it. */
export async function openBench(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): Promise<Bench> {
  const cli = silentCli({ env, cwd: ROOT, signal: AbortSignal.timeout(LONGEST_RUN_MS) });
  const { context } = await openLab(cli, { name });
  const { lab } = context;
  const inNode = ['exec', '-i', lab.cluster.node, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  return {
    lab,
    context,
    home: env['HOME'] ?? homedir(),
    check: (checks) =>
      // What a busy machine needs longer for is no finding here.
      proveChain(context, AbortSignal.timeout(120_000), checks, { evidenceMs: 60_000 }),
    kubectl: (...argv) => must('docker', [...inNode, ...argv]),
    docker: (argv, stdin) => must('docker', argv, stdin === undefined ? {} : { stdin }),
    meshdev: (command, ...argv) =>
      must(
        join(ROOT, 'bin/meshdev'),
        [command, '--name', name, '--https-port', String(lab.httpsPort), ...argv],
        { env },
      ),
  };
}
