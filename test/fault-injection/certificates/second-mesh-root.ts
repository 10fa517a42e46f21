import { keySpecs } from '../../../src/keys/key-specs.ts';
import type { Bench } from '../support/bench.ts';
import { patchObject, replacePods } from '../support/cluster.ts';
import { days } from '../support/edge-certificate.ts';
import { restartIstiod } from '../support/istiod.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

const CA = { kind: 'secret', namespace: 'istio-system', name: 'cacerts' } as const;

/** Nothing stops working: whoever holds the key of the other root may name every workload. */
export const fault: FaultInjection = {
  category: 'certificates',
  what: 'a stranger’s root is in the mesh’s trust bundle beside its own',
  names: 'Secret istio-system/cacerts',
  commit: async (bench) => {
    const { lab, context } = bench;
    const { certificate: spec } = keySpecs(lab)['mesh-root'];
    const stranger = await context.authority.issue({ spec, validity: days(-1, 365) });
    const { rootPem } = (await context.keys()).mesh;
    const bundle = Buffer.from(rootPem + stranger.certificatePem).toString('base64');
    const restore = await patchObject(bench, CA, [['replace', '/data/root-cert.pem', bundle]]);
    await handedOut(bench);
    return async () => {
      await restore();
      await handedOut(bench);
    };
  },
  extended: true,
  turns: { 'MD-MESH-012': 'fail MESH_SPLIT_TRUST', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};

/** A proxy takes the bundle together with its next certificate. */
async function handedOut(bench: Bench): Promise<void> {
  await restartIstiod(bench);
  const { namespace, serviceAccount } = bench.lab.workloads.ledger;
  await replacePods(bench, namespace, serviceAccount);
}
