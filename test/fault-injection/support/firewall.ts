import type { Bench } from './bench.ts';
import type { Restore } from './fault-injection.ts';

/**
 * A firewall of the node refuses TCP that it forwards from one pod, to one port or to every one. By a reset:
 * the kernel sends one unreachable a second, and all other attempts would time out.
 */
export async function rejectFrom(
  bench: Bench,
  { from, port }: { readonly from: string; readonly port?: number },
): Promise<Restore> {
  const ports = port === undefined ? [] : ['--dport', String(port)];
  const matched = ['-p', 'tcp', '-s', from, ...ports, '-j', 'REJECT', '--reject-with', 'tcp-reset'];
  const rule = (action: '-I' | '-D'): Promise<string> =>
    bench.docker(['exec', bench.lab.cluster.node, 'iptables', action, 'FORWARD', ...matched]);
  await rule('-I');
  return () => rule('-D');
}
