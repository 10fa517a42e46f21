import { podOf } from '../../../src/agent/exec-probe.ts';
import { rejectFrom } from '../support/firewall.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** What it cannot reach would look refused: the one check that is its control must say so. */
export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a firewall of the node keeps the intruder from every TCP port',
  names: /intruder|non-mesh client/,
  commit: async (bench) => {
    const signal = AbortSignal.timeout(30_000);
    const { address } = await podOf(bench.context.cluster, bench.lab, 'intruder', signal);
    return rejectFrom(bench, { from: address });
  },
  extended: true,
  turns: { 'MD-MESH-018': 'fail MESH_CONTROL_REFUSED', 'MD-MESH-015': 'unknown INTRUDER_CUT_OFF' },
};
