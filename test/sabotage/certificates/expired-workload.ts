import { podOf } from '../../../src/probe/exec-probe.ts';
import { patchObject } from '../support/cluster.ts';
import { rejectFrom } from '../support/firewall.ts';
import type { Sabotage } from '../support/sabotage.ts';

/** Half of it passes before the proxy asks for the next one. */
const LIVES = '60s';
const ISTIOD_PORT = 15012;

export const sabotage: Sabotage = {
  category: 'certificates',
  what: 'a workload’s certificate runs out, because its proxy does not reach istiod',
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.ledger;
    const rolledOut = (): Promise<string> =>
      bench.kubectl('rollout', 'status', '-n', namespace, `deployment/${serviceAccount}`, '--timeout=60s');
    const config = JSON.stringify({ proxyMetadata: { SECRET_TTL: LIVES } });
    const lasting = await patchObject(bench, { kind: 'deployment', namespace, name: serviceAccount }, [
      ['add', '/spec/template/metadata/annotations/proxy.istio.io~1config', config],
    ]);
    await rolledOut();
    const { address } = await podOf(bench.context.cluster, bench.lab, 'ledger', AbortSignal.timeout(30_000));
    const reachable = await rejectFrom(bench, { from: address, port: ISTIOD_PORT });
    return async () => {
      await reachable();
      await lasting();
      await rolledOut();
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
