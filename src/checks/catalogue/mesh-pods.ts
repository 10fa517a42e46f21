import { ADMIN, APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { bypassVerdicts } from '../bypass-verdict.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import type { Capture } from '../../evidence/capture.ts';
import { wireSeen } from '../describe.ts';
import type { Bypass } from '../../evidence/bypass.ts';
import type { PodFacts, PodsState } from '../../evidence/components.ts';
import { notFromApp, refusedWithoutData } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** Workloads with a sidecar. */
const SIDECARS = [APP_ID, INTERNAL_ID, 'caller'] as const satisfies readonly WorkloadName[];

/** What the pods themselves show of the mesh. */
export const MESH_POD_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-MESH-001',
    title: 'the pod of the app has a ready sidecar of the running revision',
    impact: 'the pod is not in the mesh',
    hint: '`meshdev kubectl get pods -A`, the label `istio-injection` of its namespace',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['pods'],
    judge: ({ pods }) => eachCase(SIDECARS.map((workload) => [workload, sidecarOf(pods, workload)])),
  }),
  defineCheck({
    id: 'MD-MESH-014',
    title: 'no port of the pod bypasses the sidecar',
    impact: 'a port is excluded from the mesh, or the pod uses the network of the node',
    hint: '`traffic.sidecar.istio.io/*` annotations and `hostNetwork` of the pod',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['bypass', 'pods'],
    judge: ({ bypass, pods }, { lab }) =>
      eachCase([
        ...SIDECARS.flatMap((workload) => portsOf(bypass, pods, workload)),
        ...bypassVerdicts(bypass, 'MD-MESH-014', { ports: lab, open: 'MESH_PORT_AROUND' }),
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-016',
    title: 'the nonce never crosses the pod network in cleartext',
    impact: 'the traffic between the pods is not encrypted',
    hint: '`meshdev check MD-MESH-002`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['capture'],
    judge: ({ capture }) =>
      capture.kind === 'not-asked'
        ? skip('packet capture was not requested (--capture)')
        : seeing(captureVerdict(capture), exchangeItem(capture.traced)),
  }),
];

type Captured = Extract<Capture, { kind: 'captured' }>;

/** Two texts that were sent in clear frame the request: a capture that missed one of them proves nothing. */
function captureVerdict({ packets, clear, traced }: Captured): Verdict {
  if (clear.nonce > 0)
    return fail(
      'MESH_CLEARTEXT_SEEN',
      `${clear.nonce} packets on the pod network contained the nonce in cleartext`,
    );
  if (clear.before === 0 || clear.after === 0)
    return unknown(
      'CONTROL_NOT_GREEN',
      `the capture of ${packets} packets does not contain the cleartext that was sent`,
    );
  const notSent = notFromApp(traced, `${ADMIN}'s request under capture`, 'WRK_CHAIN_BROKEN');
  return notSent === undefined
    ? pass(`${packets} packets: both controls in cleartext, the nonce in none`)
    : unknown('PATH_BROKEN', 'the app did not answer the request under capture');
}

function sidecarOf({ pods }: PodsState, workload: WorkloadName): Verdict {
  const own = pods.filter((pod) => pod.workload === workload);
  const running = new Set(
    pods.flatMap((pod) => (pod.workload === 'istiod' && pod.trouble === undefined ? [pod.revision] : [])),
  );
  if (own.length === 0) return fail('MESH_NO_SIDECAR', `${workload} has no pod`);
  const wrong = own.flatMap((pod) => sidecarTrouble(pod, running) ?? []);
  return wrong.length === 0
    ? pass(own.map(({ name }) => name).join(', '))
    : fail('MESH_NO_SIDECAR', wrong.join(' · '));
}

/** Without an istiod that runs no revision does: then its image alone speaks, and MD-WRK-010 of istiod. */
export function sidecarTrouble(
  pod: Omit<PodFacts, 'workload'>,
  running: ReadonlySet<string | undefined>,
): string | undefined {
  const sidecar = pod.containers.find(({ name }) => name === 'istio-proxy');
  if (sidecar === undefined) return `${pod.name} has no sidecar`;
  if (!sidecar.ready)
    return `the sidecar of ${pod.name} is not ready: ${pod.trouble ?? 'no reason reported'}`;
  if (running.size > 0 && !running.has(pod.revision))
    return `${pod.name} was injected by revision ${pod.revision ?? '(none)'}, running is ${[...running].join(', ')}`;
  const tag = sidecar.image
    .replace(/@sha256:\w+$/, '')
    .split(':')
    .at(-1);
  return tag === IN_CLUSTER_IMAGES.istioTag
    ? undefined
    : `the sidecar of ${pod.name} is ${sidecar.image}, expected version ${IN_CLUSTER_IMAGES.istioTag}`;
}

type Named = readonly [id: string, verdict: Verdict];

function portsOf({ ports, unlisted }: Bypass, { pods }: PodsState, workload: WorkloadName): readonly Named[] {
  const onNode = pods.find((pod) => pod.workload === workload && pod.hostNetwork);
  if (onNode !== undefined)
    return [
      [
        workload,
        fail('MESH_PORT_AROUND', `${onNode.name} uses the network of the node, where no capture runs`),
      ],
    ];
  const missing = unlisted.find((one) => one.workload === workload);
  if (missing !== undefined)
    return [
      [workload, unknown('NO_PROXIES', `the sockets of ${workload} could not be listed: ${missing.because}`)],
    ];
  const own = ports.filter((port) => port.workload === workload);
  if (own.length === 0)
    return [
      [workload, unknown('NO_PROXIES', `no socket of ${workload} listens, not even that of its sidecar`)],
    ];
  return own.map(({ port, wire }): Named => {
    const who = `plaintext from the non-mesh client to port ${port} of ${workload}`;
    const verdict =
      wire.ended === 'refused' ? pass(wireSeen(wire)) : refusedWithoutData(wire, who, 'MESH_PORT_AROUND');
    return [`${workload}-${port}`, verdict];
  });
}
