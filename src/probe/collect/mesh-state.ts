import { z } from 'zod';
import type { MeshState, ProxySecrets } from '../../checks/evidence.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { foundationObjects, ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import { describe } from '../../steps/objects.ts';
import { keysInProxy } from '../../mesh/key-set.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { podOf } from '../exec-probe.ts';
import { askProxy } from './proxy-admin.ts';
import type { Witness } from './witness.ts';

/** Workloads with a proxy whose credentials are looked at. */
const PROXIED: readonly WorkloadName[] = ['gateway', 'httpbin', 'ledger', 'caller'];

/** What the cluster holds and what its proxies really run. */
export async function collectMeshState(witness: Witness): Promise<MeshState> {
  const { context, keys, signal } = witness;
  const { cluster, lab } = context;
  const wanted = [...foundationObjects(lab, meshMaterial(keys)), ...ruleObjects(lab)];
  const [comparisons, secrets, held] = await Promise.all([
    cluster.compare(wanted, signal),
    Promise.all(PROXIED.map((workload) => secretsOf(witness, workload))),
    keysInProxy(cluster, lab, signal),
  ]);
  return {
    drift: comparisons.filter(({ kind }) => kind !== 'same').map(describe),
    secrets,
    jwksKeyIds: held.map(({ kid }) => kid ?? '(no kid)'),
  };
}

const bytes = z.object({ inline_bytes: z.string() });
const secretShape = z.object({
  name: z.string(),
  secret: z.object({
    tls_certificate: z.object({ certificate_chain: bytes }).optional(),
    validation_context: z.object({ trusted_ca: bytes }).optional(),
  }),
});
const dumpShape = z.object({
  configs: z
    .array(
      z.object({
        dynamic_active_secrets: z.array(secretShape).default([]),
        dynamic_warming_secrets: z.array(z.object({ name: z.string() })).default([]),
      }),
    )
    .default([]),
});
/** One question for both: each is a process in the pod. */
const SECRETS = 'config_dump?mask=dynamic_active_secrets,dynamic_warming_secrets';

/** SDS names of a proxy's own workload certificate and of the mesh's anchors. */
const [OWN, ANCHORS] = ['default', 'ROOTCA'];

async function secretsOf(
  { context: { cluster, lab }, signal }: Witness,
  workload: WorkloadName,
): Promise<ProxySecrets> {
  const pod = await podOf(cluster, lab, workload, signal);
  const { configs } = dumpShape.parse(JSON.parse(await askProxy(cluster, pod, SECRETS, signal)));
  const active = configs.flatMap((config) => config.dynamic_active_secrets);
  const warming = configs.flatMap((config) => config.dynamic_warming_secrets);
  const find = (name: string) => active.find((each) => each.name === name)?.secret;
  return {
    workload,
    chainPem: decode(find(OWN)?.tls_certificate?.certificate_chain.inline_bytes),
    rootPem: decode(find(ANCHORS)?.validation_context?.trusted_ca.inline_bytes),
    warming: warming.map((each) => each.name),
  };
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}
