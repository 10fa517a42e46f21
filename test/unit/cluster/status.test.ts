import { describe, expect, it } from 'vitest';
import { crashIn, podTrouble } from '../../../src/cluster/status.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';

const pod = (status: unknown, metadata: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  status,
});
const waiting = (name: string, reason: string, message?: string) => ({
  name,
  ready: false,
  state: { waiting: { reason, message } },
});

describe('what a pod lacks', () => {
  it('is nothing when it is ready', () => {
    expect(
      podTrouble(pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })),
    ).toBeUndefined();
  });

  it('is a place to run', () => {
    const message = '0/1 nodes are available: 1 Insufficient cpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    expect(podTrouble(pod({ phase: 'Pending', conditions }))).toBe(`Pending: ${message}`);
  });

  it('is an image, named with the cause', () => {
    const status = {
      phase: 'Pending',
      containerStatuses: [waiting('app', 'ImagePullBackOff', 'no such host')],
    };
    expect(podTrouble(pod(status))).toBe('container app: ImagePullBackOff: no such host');
  });

  it('is told in one line, however much the runtime says', () => {
    const status = { containerStatuses: [waiting('app', 'ErrImagePull', 'x'.repeat(2_000))] };
    expect(podTrouble(pod(status))?.length).toBeLessThan(300);
  });

  it('is a crash, with its code and the number of restarts', () => {
    const crashed = {
      name: 'app',
      ready: false,
      restartCount: 3,
      state: { running: {} },
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    };
    expect(podTrouble(pod({ phase: 'Running', containerStatuses: [crashed] }))).toBe(
      'container app ended with code 137 (OOMKilled), 3 restarts',
    );
  });

  it('is the init container that has not ended, not the app behind it', () => {
    const status = {
      phase: 'Pending',
      initContainerStatuses: [
        { name: 'done', ready: true, state: { terminated: { exitCode: 0 } } },
        waiting('istio-init', 'ErrImagePull', 'denied'),
      ],
      containerStatuses: [waiting('app', 'PodInitializing')],
    };
    expect(podTrouble(pod(status))).toBe('container istio-init: ErrImagePull: denied');
  });

  it('passes over a sidecar that has started', () => {
    const status = {
      phase: 'Running',
      initContainerStatuses: [{ name: 'istio-proxy', ready: false, started: true, state: { running: {} } }],
      containerStatuses: [waiting('app', 'ContainerCreating')],
    };
    expect(podTrouble(pod(status))).toBe('container app: ContainerCreating');
  });

  it('is said of a pod on its way out, and of one without a status', () => {
    expect(podTrouble(pod({}, { deletionTimestamp: 'now' }))).toBe('being removed');
    expect(podTrouble(pod(undefined))).toBe('no status yet');
    expect(podTrouble(pod({}))).toBe('Pending');
  });
});

describe('crashes', () => {
  const ended = (name: string, restartCount: number, more: object = {}) => ({
    name,
    ready: false,
    restartCount,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    ...more,
  });

  it('are those of the container that ended most often, whatever its name, init containers too', () => {
    const status = {
      initContainerStatuses: [ended('migrate', 4)],
      containerStatuses: [ended('main', 2), ended('istio-proxy', 9), ended('healthy', 8, { ready: true })],
    };
    expect(crashIn(pod(status))).toEqual({ container: 'migrate', times: 4, end: 'code 3 (Error)' });
  });

  it('count the end that was not followed by a start yet, and are none of a container that never ended', () => {
    const dead = ended('main', 2, { state: { terminated: { exitCode: 1 } } });
    expect(crashIn(pod({ containerStatuses: [dead] }))).toEqual({
      container: 'main',
      times: 3,
      end: 'code 1 (no reason)',
    });
    expect(crashIn(pod({ containerStatuses: [waiting('main', 'ContainerCreating')] }))).toBeUndefined();
    expect(crashIn(pod(undefined))).toBeUndefined();
  });
});
