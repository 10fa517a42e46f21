import { describe, expect, it } from 'vitest';
import { waitForMeshWebhooks } from '../../../src/mesh/webhook-gate.ts';
import type { Admission, KubeObject } from '../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const lab = createLab(DEFAULT_CHOICE);
const DENIED: Admission = {
  kind: 'refused',
  by: 'webhook',
  webhook: 'rev.validation.istio.io',
  message: 'denied',
};
const injected = (pod: KubeObject): Admission => ({
  kind: 'admitted',
  object: { ...pod, spec: { initContainers: [{ name: 'istio-proxy' }] } },
});

/** Answers in turn; the last one stays. */
function answering(gateway: readonly Admission[], pod: readonly ((pod: KubeObject) => Admission)[]) {
  const seen = { gateway: 0, pod: 0 };
  return createFakeCluster({
    admission: (object) =>
      object.kind === 'Pod'
        ? (pod[Math.min(seen.pod++, pod.length - 1)]?.(object) ?? DENIED)
        : (gateway[Math.min(seen.gateway++, gateway.length - 1)] ?? DENIED),
  });
}

async function gate(cluster: ReturnType<typeof createFakeCluster>, signal: AbortSignal) {
  const said: string[] = [];
  await waitForMeshWebhooks(cluster, lab, { signal, progress: (message) => void said.push(message) });
  return said;
}

describe('the gate in front of rules and pods', () => {
  const never = new AbortController().signal;

  it('opens when an invalid object is refused by the webhook and a pod gets its sidecar', async () => {
    expect(await gate(answering([DENIED], [injected]), never)).toEqual([]);
  });

  it('stays closed while objects pass unseen, and says so', async () => {
    const admitted: Admission = {
      kind: 'admitted',
      object: { apiVersion: 'v1', kind: 'Gateway', metadata: { name: 'x' } },
    };
    const unreachable: Admission = {
      kind: 'refused',
      by: 'unreachable-webhook',
      webhook: 'w',
      message: 'failed calling webhook "w"',
    };
    const plain = (object: KubeObject): Admission => ({ kind: 'admitted', object: { ...object, spec: {} } });
    const said = await gate(answering([admitted, unreachable, DENIED], [plain, injected]), never);
    expect(said).toContain('an invalid Gateway was admitted unchanged');
    expect(said).toContain('an invalid Gateway was refused: failed calling webhook "w"');
    expect(said).toContain('a pod in namespace apps was admitted unchanged');
  });

  it('does not take a refusal by the API server for one by the webhook', async () => {
    const schema: Admission = {
      kind: 'refused',
      by: 'api',
      status: 422,
      message: 'spec.servers is required',
    };
    const said = await gate(answering([schema, DENIED], [injected]), never);
    expect(said).toEqual(['an invalid Gateway was refused by the API server: spec.servers is required']);
  });

  it('ends on request', async () => {
    const schema: Admission = { kind: 'refused', by: 'api', status: 500, message: 'x' };
    await expect(gate(answering([schema], [injected]), AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});
