import { z } from 'zod';
import type { PodHolder, PodOwner } from '../../evidence/pod-holders.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { readAnswer } from '../../read-answer.ts';
import { heldBy, podSpec } from './pod-spec.ts';

const template = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  spec: podSpec,
});
const podShape = z.looseObject({ spec: podSpec });
const makerShape = z.looseObject({ spec: z.looseObject({ template }) });
const cronShape = z.looseObject({
  spec: z.looseObject({ jobTemplate: z.looseObject({ spec: z.looseObject({ template }) }) }),
});

/** Pure: what an object that is or makes pods holds. */
export function holderOf(object: KubeObject, owner: PodOwner): PodHolder {
  const { kind, metadata } = object;
  const doing = `reading ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  const since = metadata['creationTimestamp'];
  const common = { owner, ...(typeof since === 'string' ? { since } : {}) };
  if (kind === 'Pod') {
    const { spec } = readAnswer(podShape, object, doing);
    return { ...common, labels: metadata.labels ?? {}, ...heldBy(spec) };
  }
  const made =
    kind === 'CronJob'
      ? readAnswer(cronShape, object, doing).spec.jobTemplate.spec.template
      : readAnswer(makerShape, object, doing).spec.template;
  return { ...common, labels: made.metadata?.labels ?? {}, ...heldBy(made.spec) };
}
