import { ADMIN, APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown, warn } from '../check.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import type { Bypass } from '../../evidence/bypass.ts';
import type { PodContainer, PodsState } from '../../evidence/components.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

const APPS = [APP_ID, INTERNAL_ID] as const satisfies readonly WorkloadName[];

/** Three ends within ten minutes are no accident. */
const RESTARTS = 3;
const LATELY_MS = 600_000;

/** Address from which a sidecar hands a request on, so that its own capture leaves it alone. */
const FROM_SIDECAR = '127.0.0.6';

export const WORKLOAD_POD_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-WRK-002',
    title:
      'the app is ready, does not restart, runs the planned image, and is the only endpoint of its service',
    impact: 'the app crashed, runs an older image, or the service selects other pods',
    hint: '`meshdev kubectl get pods,endpointslices -n apps -o wide`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['pods'],
    judge: ({ pods }, { at }) => eachCase(APPS.map((workload) => [workload, appVerdict(pods, workload, at)])),
  }),
  defineCheck({
    id: 'MD-WRK-004',
    title: 'the only peer of the app is its sidecar',
    impact: 'a request bypassed the proxy and every policy',
    hint: '`meshdev check MD-MESH-014`',
    hop: 'sidecar->app',
    polarity: 'positive',
    blocking: false,
    evidence: ['bypass'],
    judge: ({ bypass: { appPeer } }) => seeing(peerVerdict(appPeer), handshakeItem(appPeer.wire)),
  }),
];

const PLANNED_APP = `${IN_CLUSTER_IMAGES[APP_ID]} in ${IN_CLUSTER_IMAGES.guest}`;

/** The program of one image, run in another one that knows what may be logged. */
export function ranBy({ image, program }: Pick<PodContainer, 'image' | 'program'>): string {
  return program === undefined ? image : `${program} in ${image}`;
}

function appVerdict(state: PodsState, workload: WorkloadName, at: number): Verdict {
  const pods = state.pods.filter((pod) => pod.workload === workload);
  const unready = pods.filter((pod) => pod.trouble !== undefined);
  if (pods.length === 0) return fail('WRK_NO_READY_POD', `${workload} has no pod`);
  if (unready.length > 0)
    return fail('WRK_NO_READY_POD', unready.map((pod) => `${pod.name}: ${pod.trouble ?? ''}`).join(' · '));
  const apps = pods.flatMap((pod) => pod.containers.filter(({ name }) => name === 'app'));
  const other = apps.find((app) => ranBy(app) !== PLANNED_APP);
  if (other !== undefined || apps.length === 0)
    return fail(
      'WRK_OTHER_IMAGE',
      `${workload} runs ${other === undefined ? 'no app' : ranBy(other)}, expected ${PLANNED_APP}`,
    );
  return (
    endpointTrouble(state, workload) ??
    restarting(apps, workload, at) ??
    pass(pods.map(({ name }) => name).join(', '))
  );
}

/** Every address behind the service is one of the workload's own pods, and each of those stands there. */
function endpointTrouble({ pods, services }: PodsState, workload: WorkloadName): Verdict | undefined {
  const service = services.find((one) => one.workload === workload);
  if (service === undefined) return fail('WRK_OTHER_ENDPOINT', `${workload} has no service`);
  const own = new Set(pods.flatMap((pod) => (pod.workload === workload ? [pod.address] : [])));
  const behind = service.endpoints.filter(({ ready }) => ready);
  const strangers = behind.filter(({ address }) => !own.has(address));
  const left = [...own].filter((address) => behind.every((endpoint) => endpoint.address !== address));
  if (strangers.length > 0)
    return fail(
      'WRK_OTHER_ENDPOINT',
      `service ${workload} also has the endpoint ${strangers.map(({ address, pod }) => `${address} (${pod ?? 'no pod'})`).join(', ')}`,
    );
  return left.length === 0
    ? undefined
    : fail('WRK_OTHER_ENDPOINT', `service ${workload} does not have the endpoint ${left.join(', ')}`);
}

export function restarting(apps: readonly PodContainer[], workload: string, at: number): Verdict | undefined {
  const failing = apps.find(
    ({ restarts, endedAt }) => restarts >= RESTARTS && endedAt !== undefined && at - endedAt < LATELY_MS,
  );
  return failing === undefined
    ? undefined
    : warn(
        'WRK_RESTARTING',
        `${workload} restarted ${failing.restarts} times, most recently within the last ten minutes`,
        ['meshdev check', `meshdev kubectl logs -A --selector app=${workload} --container app --previous`],
      );
}

function peerVerdict({ wire, address }: Bypass['appPeer']): Verdict {
  const who = `a request with the identity of the gateway and ${ADMIN}'s token`;
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.status !== 200) return unknown('PATH_BROKEN', `${who} should reach the app; ${wireSeen(wire)}`);
  if (address === undefined) return unknown('NO_ECHO', `${who}: the app did not report its peer`);
  return address === FROM_SIDECAR
    ? pass(address)
    : fail(
        'WRK_AROUND_SIDECAR',
        `the peer of the app was ${address}, expected its sidecar (${FROM_SIDECAR})`,
      );
}
