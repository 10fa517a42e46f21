import { z } from 'zod';
import type { KubeObject } from '../ports/cluster.ts';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const conditions = z.object({ conditions: z.array(condition).default([]) });

export type Condition = z.infer<typeof condition>;

/** A condition of any object's status. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((one) => one.type === type);
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  const parsed = conditions.safeParse(object['status']);
  return parsed.success ? parsed.data.conditions : [];
}

const stateShape = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.object({}).optional(),
  terminated: z.object({ reason: z.string().optional(), exitCode: z.number() }).optional(),
});
const containerShape = z.object({
  name: z.string(),
  ready: z.boolean(),
  started: z.boolean().nullish(),
  restartCount: z.number().default(0),
  state: stateShape.default({}),
  lastState: stateShape.default({}),
});
const podShape = z.object({
  phase: z.string().default('Pending'),
  initContainerStatuses: z.array(containerShape).default([]),
  containerStatuses: z.array(containerShape).default([]),
});

type ContainerStatus = z.infer<typeof containerShape>;

/**
 * Why a pod is not ready, in words: `Pending: 0/1 nodes are available: 1 Insufficient cpu`,
 * `container app: ImagePullBackOff`. Undefined when it is ready.
 */
export function podTrouble(pod: KubeObject): string | undefined {
  if (pod.metadata['deletionTimestamp'] !== undefined) return 'being removed';
  if (conditionOf(pod, 'Ready')?.status === 'True') return undefined;
  const unscheduled = conditionOf(pod, 'PodScheduled');
  if (unscheduled?.status === 'False')
    return `Pending: ${unscheduled.message ?? unscheduled.reason ?? 'not scheduled'}`;
  const parsed = podShape.safeParse(pod['status']);
  if (!parsed.success) return 'no status yet';
  const { phase, initContainerStatuses, containerStatuses } = parsed.data;
  const troubles = [...initContainerStatuses.filter(isUnfinished), ...containerStatuses].flatMap(
    containerTrouble,
  );
  return troubles[0] ?? phase;
}

/** A finished init container is `ready`; a sidecar (restartable init container) once it has started. */
function isUnfinished({ ready, started }: ContainerStatus): boolean {
  return !ready && started !== true;
}

function containerTrouble({
  name,
  ready,
  state,
  lastState,
  restartCount,
}: ContainerStatus): readonly string[] {
  if (ready) return [];
  const { waiting, terminated } = state;
  if (
    waiting !== undefined &&
    waiting.reason !== 'PodInitializing' &&
    waiting.reason !== 'ContainerCreating'
  ) {
    return [`container ${name}: ${shorten([waiting.reason, waiting.message].filter(Boolean).join(': '))}`];
  }
  const last = terminated ?? lastState.terminated;
  if (last !== undefined && last.exitCode !== 0) {
    return [
      `container ${name} ended with code ${last.exitCode} (${last.reason ?? 'no reason'}), ${restartCount} restarts`,
    ];
  }
  return [`container ${name}: ${waiting?.reason ?? 'running, not ready'}`];
}

/** The runtime's messages repeat themselves at each layer; the beginning names image and cause. */
function shorten(text: string): string {
  return text.length > 240 ? `${text.slice(0, 237)}…` : text;
}

/** A container that ended and is started again. */
export interface Crash {
  readonly container: string;
  readonly times: number;
  /** `code 1 (Error)` */
  readonly end: string;
}

/** Of the mesh: what they end with is not the service's doing. */
const SIDECAR = /^istio-(proxy|init|validation)$/;

/** The container of a pod that ended most often and does not run well now, sidecars left out; undefined where none did. */
export function crashIn(pod: KubeObject): Crash | undefined {
  const { data } = podShape.safeParse(pod['status']);
  const crashes = [...(data?.initContainerStatuses ?? []), ...(data?.containerStatuses ?? [])]
    .filter(({ name }) => !SIDECAR.test(name))
    .flatMap(crashOf);
  return crashes.toSorted((a, b) => b.times - a.times)[0];
}

function crashOf({ name, ready, state, lastState, restartCount }: ContainerStatus): readonly Crash[] {
  const last = state.terminated ?? lastState.terminated;
  if (ready || last === undefined) return [];
  const times = restartCount + (state.terminated === undefined ? 0 : 1);
  return [{ container: name, times, end: `code ${last.exitCode} (${last.reason ?? 'no reason'})` }];
}
