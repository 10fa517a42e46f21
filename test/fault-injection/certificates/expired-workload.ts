import { podOf } from '../../../src/agent/exec-probe.ts';
import { annotatePods } from '../support/cluster.ts';
import { rejectFrom } from '../support/firewall.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Half of it passes before the proxy asks for the next one. */
const LIVES = '60s';
const ISTIOD_PORT = 15012;

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'a workload’s certificate runs out, because its proxy does not reach istiod',
  names: /ledger/,
  commit: async (bench) => {
    const config = JSON.stringify({ proxyMetadata: { SECRET_TTL: LIVES } });
    const lasting = await annotatePods(bench, bench.lab.workloads.ledger, ['proxy.istio.io/config', config]);
    const { address } = await podOf(bench.context.cluster, bench.lab, 'ledger', AbortSignal.timeout(30_000));
    const reachable = await rejectFrom(bench, { from: address, port: ISTIOD_PORT });
    return async () => {
      await reachable();
      await lasting();
    };
  },
  extended: true,
  turns: {
    'MD-CERT-003': 'fail CERT_EXPIRED',
    'MD-CERT-005': 'fail CERT_EXPIRED',
    'MD-MESH-012': 'fail CERT_EXPIRED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
  // Only once the caller's connections from before have ended.
  mayTurn: ['MD-MESH-017'],
};
