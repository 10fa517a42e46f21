import type { KubeObject } from '../ports/cluster.ts';
import { isRecord } from './differences.ts';

/*
 * What a workload may differ in without being another one: the fields that `kubectl rollout restart` and
 * `kubectl scale` write, and no others. Neither changes what a pod is or what it may do. All else that somebody
 * adds to a pod template could lead around the mesh, and counts as a change.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Written into the pod template by `kubectl rollout restart`. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Pure: the wanted specification with what the live workload may have of its own. */
export function withVariableFields(wanted: Fields, live: KubeObject): Fields {
  const spec = fieldsIn(live, 'spec');
  return withRestart(withReplicas(wanted, spec['replicas']), restartedAt(spec));
}

/** Pure: a Deployment's specification without the time of a restart; anything else is returned as it is. */
export function withoutRestart(spec: unknown): unknown {
  if (!isRecord(spec) || restartedAt(spec) === undefined) return spec;
  const { [RESTARTED_AT]: _time, ...annotations } = annotationsIn(spec);
  return withAnnotations(spec, Object.keys(annotations).length === 0 ? undefined : annotations);
}

/** How many there are is for their owner to say; none is an outage, not a size. */
function withReplicas(spec: Fields, replicas: unknown): Fields {
  return typeof replicas === 'number' && replicas > 0 ? { ...spec, replicas } : spec;
}

function withRestart(spec: Fields, time: unknown): Fields {
  if (time === undefined) return spec;
  return withAnnotations(spec, { ...annotationsIn(spec), [RESTARTED_AT]: time });
}

function withAnnotations(spec: Fields, annotations: Fields | undefined): Fields {
  const template = fieldsIn(spec, 'template');
  const { annotations: _before, ...metadata } = fieldsIn(template, 'metadata');
  const own = annotations === undefined ? {} : { annotations };
  return { ...spec, template: { ...template, metadata: { ...metadata, ...own } } };
}

function restartedAt(spec: Fields): unknown {
  return annotationsIn(spec)[RESTARTED_AT];
}

function annotationsIn(spec: Fields): Fields {
  return fieldsIn(fieldsIn(fieldsIn(spec, 'template'), 'metadata'), 'annotations');
}

function fieldsIn(value: unknown, key: string): Fields {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}
