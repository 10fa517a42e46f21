import { describe, expect, it } from 'vitest';
import { written } from '../../../src/adapters/kubernetes/objects.ts';

const REF = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'stock', namespace: 'shop' };
const answer = (status: number, message: string) => ({
  status,
  text: JSON.stringify({ kind: 'Status', reason: 'Invalid', message }),
});
const doing = 'applying Deployment shop/stock';

describe('writing an object', () => {
  it('returns what the API server answers', () => {
    expect(written(doing, REF, { status: 200, text: '{}' })).toBe('{}');
  });

  it.each([
    'Deployment.apps "stock" is invalid: spec.selector: field is immutable',
    'StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than \'replicas\' are forbidden',
    'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
  ])('says how to make it again where a field cannot change: %s', (message) => {
    const write = (): string => written(doing, REF, answer(422, message));
    expect(write).toThrow(
      expect.objectContaining({
        code: 'CLUSTER_CALL_FAILED',
        remedies: ['meshdev kubectl -n shop delete deployment stock', 'meshdev up'],
        message: expect.stringContaining(message),
      }),
    );
  });

  it('shows no value that cannot change: a pod template may hold secrets', () => {
    const message = 'spec.template: Invalid value: {"Env":[{"Name":"A","Value":"b: c"}]}: field is immutable';
    const write = (): string => written(doing, REF, answer(422, message));
    expect(write).toThrow(/spec\.template: field is immutable$/);
  });

  it('gives no such advice for another mistake', () => {
    const write = (): string => written(doing, REF, answer(422, 'spec.replicas: must be positive'));
    expect(write).toThrow(expect.objectContaining({ code: 'CLUSTER_CALL_FAILED', remedies: [] }));
  });
});
