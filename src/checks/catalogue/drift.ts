import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { type AnyCheck, type Cases, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import { chainVerdict, spiffeVerdict } from '../certificates.ts';
import { fingerprintsOf } from '../../trust/fingerprints.ts';
import type { MeshState, ProxySecrets } from '../../evidence/mesh-state.ts';
import type { Verdict } from '../verdict.ts';

/** Workloads that have a proxy; the non-mesh client has none, on purpose. */
const PROXIED = ['gateway', APP_ID, 'caller', INTERNAL_ID] as const satisfies readonly WorkloadName[];

/** More are seldom read; what they have in common is said by the first. */
const OBJECTS_TOLD = 5;

export const STATE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-DRIFT-001',
    title:
      'Istio matches its installation; routes, policies and workloads match the plan; Caddy runs the planned configuration',
    impact: 'the lab was changed manually',
    hint: 'the difference that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['mesh.state', 'edge.running'],
    judge: ({ 'mesh.state': { drift, scaled }, 'edge.running': edge }) => {
      const found = [...drift.slice(0, OBJECTS_TOLD), ...(edge.drift === undefined ? [] : [edge.drift])];
      if (found.length > 0) return fail(drift.length > 0 ? 'DRIFT_OBJECTS' : 'DRIFT_EDGE', found.join(' · '));
      return pass(scaled.length === 0 ? undefined : scaled.join(', '));
    },
  }),
  defineCheck({
    id: 'MD-MESH-011',
    title: 'each workload certificate has exactly one URI SAN: the SPIFFE ID of its own service account',
    impact: 'an identity is shared or foreign: policies allow too much',
    hint: 'the service account of the pod',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['mesh.state'],
    judge: ({ 'mesh.state': { secrets } }, { lab }) =>
      ofEachProxy({ secrets }, ({ chainPem }, workload) =>
        chainPem === undefined
          ? noCertificate(workload)
          : spiffeVerdict(chainPem, spiffeId(lab.workloads[workload])),
      ),
  }),
  defineCheck({
    id: 'MD-MESH-012',
    title: 'all proxies trust the mesh root of this lab, and their certificates chain to it',
    impact: 'the proxies trust different roots; the next rotation fails',
    hint: 'the proxy that the message names',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['mesh.state', 'anchors'],
    judge: ({ 'mesh.state': state, anchors }, { at }) =>
      ofEachProxy(state, ({ chainPem, rootPem }, workload) => {
        if (chainPem === undefined || rootPem === undefined) return noCertificate(workload);
        // All of them: one root more is one more that may name workloads.
        const [trusted, root] = [
          fingerprintsOf(rootPem).join(', '),
          fingerprintsOf(anchors.meshRootPem).join(', '),
        ];
        if (trusted !== root)
          return fail(
            'MESH_SPLIT_TRUST',
            `${workload} trusts roots with SHA-256 ${trusted}, the root of the lab is ${root}`,
          );
        return chainVerdict(
          { presented: [chainPem], anchors: [anchors.meshRootPem], at, purpose: 'clientAuth' },
          workload,
        );
      }),
  }),
  defineCheck({
    id: 'MD-GW-002',
    title: 'every credential of the proxies is ACTIVE, and none is WARMING',
    impact: 'a credential is missing or in the wrong namespace',
    hint: '`istioctl proxy-config secret`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['mesh.state'],
    judge: ({ 'mesh.state': { secrets } }) => {
      const warming = secrets.flatMap((proxy) => proxy.warming.map((name) => `${proxy.workload}: ${name}`));
      if (warming.length > 0) return fail('GW_SECRET_WARMING', `not received: ${warming.join(', ')}`);
      return ofEachProxy({ secrets }, ({ chainPem }, workload) =>
        chainPem === undefined ? noCertificate(workload) : pass(),
      );
    },
  }),
];

/** A proxy that could not be asked is not proved, whatever the others say. */
function ofEachProxy(
  { secrets }: Pick<MeshState, 'secrets'>,
  judge: (proxy: ProxySecrets, workload: (typeof PROXIED)[number]) => Verdict,
): Verdict | Cases {
  return eachCase(
    PROXIED.flatMap((workload): readonly (readonly [string, Verdict])[] => {
      const own = secrets.filter((proxy) => proxy.workload === workload);
      const missing = unknown('NO_PROXIES', `the secrets of the proxy of ${workload} could not be read`);
      return own.length === 0
        ? [[workload, missing]]
        : own.map((proxy) => [workload, judge(proxy, workload)]);
    }),
  );
}

function noCertificate(workload: WorkloadName): Verdict {
  return unknown('NO_WORKLOAD_CERTIFICATE', `${workload}: no active certificate in the running proxy`);
}
