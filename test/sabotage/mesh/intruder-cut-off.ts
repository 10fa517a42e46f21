import { podOf } from '../../../src/probe/exec-probe.ts';
import type { Sabotage } from '../support/sabotage.ts';

/** What it cannot reach would look refused: the one check that is its control must say so. */
export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'a firewall of the node keeps the intruder from every TCP port',
  commit: async (bench) => {
    const signal = AbortSignal.timeout(30_000);
    const { address } = await podOf(bench.context.cluster, bench.lab, 'intruder', signal);
    const inNode = ['exec', bench.lab.cluster.node, 'iptables'];
    // By a reset: the kernel sends one unreachable a second, and all other attempts would time out.
    const rule = (action: '-I' | '-D'): Promise<string> =>
      bench.docker([
        ...inNode,
        action,
        'FORWARD',
        '-p',
        'tcp',
        '-s',
        address,
        '-j',
        'REJECT',
        '--reject-with',
        'tcp-reset',
      ]);
    await rule('-I');
    return () => rule('-D');
  },
  extended: true,
  turns: { 'MD-MESH-018': 'fail MESH_CONTROL_REFUSED', 'MD-MESH-015': 'unknown INTRUDER_CUT_OFF' },
};
