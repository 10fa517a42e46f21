import type { Lab } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, fail, pass, unknown, warn } from '../check.ts';
import type { PartsState, PodsState } from '../../evidence/components.ts';
import type { Verdict } from '../verdict.ts';

const LATELY_MS = 600_000;

/**
 * What has to be there before anything can be proved. Each is asked of somebody who answers when it
 * does not, so that a lab half down has a first broken link instead of forty things that nobody saw.
 */
export const PART_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-WRK-005',
    title: 'the container of the edge runs and has not restarted recently',
    impact: 'no process listens on the public names',
    hint: '`docker logs meshdev-demo-edge`',
    hop: 'client->edge',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['parts'],
    judge: ({ parts }, { lab, at }) => containerKeepsRunning(parts, lab.containers.edge, at),
  }),
  defineCheck({
    id: 'MD-WRK-006',
    title: 'the container of the IdP runs and has not restarted recently',
    impact: 'users cannot log in; tokens expire and cannot be renewed',
    hint: '`docker logs meshdev-demo-idp`',
    hop: 'edge->idp',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['parts'],
    judge: ({ parts }, { lab, at }) => containerKeepsRunning(parts, lab.containers.idp, at),
  }),
  defineCheck({
    id: 'MD-WRK-007',
    title: 'the node runs and the API server answers',
    impact: 'meshdev and clients cannot reach the cluster',
    hint: '`docker ps --all`, `docker logs meshdev-demo-control-plane`',
    hop: 'edge->gateway',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['parts'],
    judge: ({ parts }, { lab }) => nodeServes(parts, lab),
  }),
  defineCheck({
    id: 'MD-WRK-008',
    title: 'the container of the probe runs and has not restarted recently',
    impact: 'meshdev cannot inspect the network of the lab from the inside; the chain itself may work',
    hint: '`docker logs meshdev-demo-probe`',
    hop: 'host',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['parts'],
    judge: ({ parts }, { lab, at }) => containerKeepsRunning(parts, lab.containers.probe, at),
  }),
  defineCheck({
    id: 'MD-WRK-009',
    title: 'the gateway has a ready pod',
    impact: 'the requests of the edge reach no gateway',
    hint: '`meshdev kubectl get pods -n istio-ingress`',
    hop: 'edge->gateway',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['pods'],
    judge: ({ pods }) => hasReadyPod(pods, 'gateway'),
  }),
  defineCheck({
    id: 'MD-WRK-010',
    title: 'istiod has a ready pod',
    impact: 'proxies keep their last configuration: they get no new keys, policies or certificates',
    hint: '`meshdev kubectl get pods -n istio-system`',
    hop: 'istiod->idp',
    polarity: 'positive',
    mode: 'passive',
    blocking: true,
    evidence: ['pods'],
    judge: ({ pods }) => hasReadyPod(pods, 'istiod'),
  }),
];

/** The engine starts anew what dies, so that nobody would see it. */
function containerKeepsRunning(parts: PartsState, name: string, at: number): Verdict {
  const runs = containerRuns(parts, name);
  const container = parts.containers.find((one) => one.name === name);
  if (runs.kind !== 'pass' || container === undefined || container.restarts === 0) return runs;
  const { restarts, startedAt } = container;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return at - startedAt < LATELY_MS
    ? warn(
        'WRK_RESTARTING',
        `container ${name} exited and the engine restarted it ${times}, most recently within the last ten minutes`,
        [`docker logs ${name}`],
      )
    : pass(`exited and the engine restarted it ${times}, not within the last ten minutes`);
}

function containerRuns({ containers }: PartsState, name: string): Verdict {
  const container = containers.find((one) => one.name === name);
  if (container === undefined) return unknown('EVIDENCE_MISSING', `the engine did not report ${name}`);
  if (container.state === 'running') return pass();
  const end =
    container.state === 'exited' || container.state === 'dead' ? ` (exit code ${container.exitCode})` : '';
  const memory = container.outOfMemory ? ', killed because it ran out of memory' : '';
  return fail(
    'WRK_NOT_RUNNING',
    `container ${name} is ${container.state}${end}${memory}`,
    remediesFor(container),
  );
}

/** `up` starts what is stopped and makes what is gone; a paused container is somebody's doing. */
function remediesFor({ name, state }: PartsState['containers'][number]): readonly string[] {
  return state === 'paused' ? [`docker unpause ${name}`, 'meshdev up'] : ['meshdev up'];
}

function nodeServes(parts: PartsState, lab: Lab): Verdict {
  const node = containerRuns(parts, lab.cluster.node);
  if (node.kind !== 'pass') return node;
  switch (parts.api) {
    case 'ready':
      return pass('the API server is ready');
    case 'silent':
      return unknown('TIMED_OUT', 'the API server did not answer');
    case 'refused':
      return fail('WRK_API_DOWN', 'no process listens on the port of the API server');
    case 'not-ready':
      return fail('WRK_API_DOWN', 'the API server reports that it is not ready');
  }
}

function hasReadyPod({ pods }: PodsState, workload: 'gateway' | 'istiod'): Verdict {
  const own = pods.filter((pod) => pod.workload === workload);
  const ready = own.filter((pod) => pod.trouble === undefined);
  if (ready.length > 0) return pass(ready.map((pod) => pod.name).join(', '));
  const seen = own.map((pod) => `${pod.name}: ${pod.trouble ?? 'ready'}`).join(' · ');
  return fail('WRK_NO_READY_POD', `${workload} has no ready pod: ${seen === '' ? 'it has no pod' : seen}`);
}
