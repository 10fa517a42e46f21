import { describe, expect, it } from 'vitest';
import { isOursAlone, replacement } from '../../../src/cluster/replacement.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';

const RESTARTED = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };

function deployment(
  annotations: Readonly<Record<string, string>>,
  more: Partial<KubeObject> = {},
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace: 'apps', labels: { ours: '1' } },
    spec: { replicas: 1, template: { metadata: { annotations }, spec: { containers: [] } } },
    ...more,
  };
}

describe('replacement', () => {
  const live = deployment(
    { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080', ...RESTARTED },
    {
      metadata: {
        name: 'app',
        namespace: 'apps',
        labels: { ours: '0', theirs: '1' },
        annotations: { 'deployment.kubernetes.io/revision': '3' },
        resourceVersion: '17',
        managedFields: [{}],
        uid: 'u',
      },
      status: { replicas: 1 },
    },
  );

  it('leaves of the specification what is wanted, and the age of the pods', () => {
    expect(replacement(live, deployment({ wanted: 'yes' }))['spec']).toEqual({
      replicas: 1,
      template: { metadata: { annotations: { wanted: 'yes', ...RESTARTED } }, spec: { containers: [] } },
    });
    expect(replacement(deployment({ theirs: '1' }), deployment({}))['spec']).toEqual(deployment({})['spec']);
  });

  it.each([
    ['as many as somebody asked for', 2, 2],
    ['one where there are none', 0, 1],
    ['one where nobody says', undefined, 1],
  ])('has %s', (_what, replicas, wanted) => {
    const scaled = deployment({}, { spec: { template: {}, replicas } });
    expect(replacement(scaled, deployment({}))['spec']).toMatchObject({ replicas: wanted });
  });

  it('leaves to the API server how many there are, unless the live one says', () => {
    const open = deployment({}, { spec: { template: {} } });
    expect(replacement(deployment({}, { spec: {} }), open)['spec']).toEqual({ template: {} });
  });

  it('keeps what the object is to the API server, but for its version', () => {
    expect(replacement(live, deployment({})).metadata).toEqual({
      name: 'app',
      namespace: 'apps',
      labels: { ours: '1', theirs: '1' },
      annotations: { 'deployment.kubernetes.io/revision': '3' },
      uid: 'u',
    });
  });

  it('is for what has a pod template', () => {
    expect(isOursAlone(live)).toBe(true);
    for (const kind of ['StatefulSet', 'DaemonSet', 'ReplicaSet'])
      expect(isOursAlone({ apiVersion: 'apps/v1', kind })).toBe(true);
    expect(isOursAlone({ apiVersion: 'v1', kind: 'Service' })).toBe(false);
  });
});
