import { specDifferences } from '../../src/cluster/differences.ts';
import {
  nameOf,
  refOf,
  type Admission,
  type Cluster,
  type Comparison,
  type KubeObject,
  type PodPortAnswer,
  type PodPortQuery,
} from '../../src/ports/cluster.ts';
import { throwIfAborted } from '../../src/run/wait-until.ts';

/** A stateful stand-in for the Kubernetes API: it stores, and knows no controllers. */
export interface FakeCluster extends Cluster {
  /** As if somebody, or a controller, had written the object. */
  put(object: KubeObject): void;
  readonly objects: ReadonlyMap<string, KubeObject>;
}

export interface FakeClusterOptions {
  readonly admission?: (object: KubeObject) => Admission;
  readonly getFromPod?: (query: PodPortQuery) => PodPortAnswer;
}

export function createFakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const objects = new Map<string, KubeObject>();
  const put = (object: KubeObject): void => void objects.set(nameOf(refOf(object)), object);
  const compareOne = (wanted: KubeObject): Comparison => {
    const ref = refOf(wanted);
    const live = objects.get(nameOf(ref));
    if (live === undefined) return { kind: 'missing', ref };
    const differences = specDifferences(live, wanted);
    return differences.length === 0 ? { kind: 'same', ref } : { kind: 'differs', ref, differences };
  };
  return {
    put,
    objects,
    ready: async (signal) => {
      throwIfAborted(signal);
      return true;
    },
    apply: async (wanted, signal) => {
      throwIfAborted(signal);
      wanted.forEach(put);
    },
    compare: async (wanted, signal) => {
      throwIfAborted(signal);
      return wanted.map(compareOne);
    },
    admission: async (object) => options.admission?.(object) ?? { kind: 'admitted', object },
    get: async (ref) => objects.get(nameOf(ref)),
    list: async ({ kind, namespace, labels }) =>
      [...objects.values()].filter(
        ({ kind: of, metadata }) =>
          of === kind &&
          (namespace === undefined || metadata.namespace === namespace) &&
          Object.entries(labels ?? {}).every(([key, value]) => metadata.labels?.[key] === value),
      ),
    remove: async (refs) => refs.forEach((ref) => objects.delete(nameOf(ref))),
    podLogs: async () => '',
    getFromPod: async (query) => options.getFromPod?.(query) ?? { status: 200, body: '' },
    connectToPod: async () => {
      throw new Error('the fake cluster has no ports');
    },
    exec: async () => ({ exitCode: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }),
  };
}
