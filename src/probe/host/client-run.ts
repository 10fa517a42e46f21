import type { ClientTry } from '../../evidence/real-clients.ts';
import type { Needs } from '../probe-context.ts';

/** How one program of this machine asks the edge, with the lab’s root to trust or without it. */
export interface Asking {
  readonly probeContext: Needs<'context' | 'signal'>;
  /** Private, and removed afterwards. */
  readonly dir: string;
  readonly program: string;
  readonly url: URL;
  /** File of the anchor; undefined: the machine’s own only. */
  readonly anchor: string | undefined;
}

/** A shell that did `eval "$(meshdev env)"` trusts the edge; a client that is to know nothing may not inherit that. */
const OWN_TRUST = { NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '', SSL_CERT_DIR: '' } as const;

/** Exit 0 and an HTTP status is acceptance; everything else is the program’s word on why not. */
export async function run(
  { context: { runner }, signal }: Needs<'context' | 'signal'>,
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  timeoutMs = 10_000,
): Promise<ClientTry> {
  const { exitCode, stdout, stderr } = await runner.run(program, argv, {
    env: { ...OWN_TRUST, ...env },
    allowFailure: true,
    timeoutMs,
    signal,
  });
  return exitCode === 0
    ? { accepted: true, told: `HTTP ${stdout.trim()}` }
    : { accepted: false, told: stderr.trim().split('\n')[0]?.slice(0, 200) ?? '' };
}
