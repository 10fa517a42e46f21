import { describe, expect, it } from 'vitest';
import { podFacts } from '../../../src/probe/mesh/pods.ts';

const AT = '2026-06-01T12:00:00Z';

/** A pod whose app has ended before. */
const pod = (terminated: Readonly<Record<string, unknown>>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'app-1', namespace: 'apps' },
  spec: { containers: [{ name: 'app', image: 'app:1' }] },
  status: {
    containerStatuses: [{ name: 'app', ready: true, restartCount: 3, lastState: { terminated } }],
  },
});

const endOf = (terminated: Readonly<Record<string, unknown>>) =>
  podFacts('httpbin', pod(terminated)).containers[0];

describe('the last end of a container', () => {
  it('is that of its program', () => {
    for (const reason of ['Error', 'OOMKilled', 'Completed'])
      expect(endOf({ reason, exitCode: 1, finishedAt: AT })).toMatchObject({
        restarts: 3,
        endedAt: Date.parse(AT),
      });
  });

  it('is none where it ended with its node', () => {
    const ended = endOf({ reason: 'Unknown', exitCode: 255, finishedAt: AT });
    expect(ended).toMatchObject({ restarts: 3 });
    expect(ended).not.toHaveProperty('endedAt');
  });
});
