import { z } from 'zod';
import type { Bench } from './bench.ts';
import { addObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

const spec = z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })).min(1) });

/** The image that the probe pods of the lab run, which the node has. */
async function probeImage(bench: Bench): Promise<string> {
  const { namespace, serviceAccount } = bench.lab.workloads.intruder;
  const json = await bench.kubectl(
    'get',
    '-n',
    namespace,
    'deployment',
    serviceAccount,
    '-o',
    'jsonpath={.spec.template.spec}',
  );
  return spec.parse(JSON.parse(json)).containers[0]?.image ?? '';
}

export interface IdlePod {
  readonly name: string;
  readonly namespace: string;
  /** More of the specification of the pod. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** More of its container. */
  readonly container?: Readonly<Record<string, unknown>>;
}

/** A pod without a sidecar that sleeps; it is ready before this resolves, and restoring deletes it. */
export async function addIdlePod(bench: Bench, pod: IdlePod): Promise<Restore> {
  const { name, namespace } = pod;
  const restore = await addObject(bench, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'sidecar.istio.io/inject': 'false' } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      containers: [await idleContainer(bench, pod.container)],
      ...pod.spec,
    },
  });
  await bench.kubectl('wait', '-n', namespace, `pod/${name}`, '--for=condition=Ready', '--timeout=60s');
  return restore;
}

export async function idleContainer(
  bench: Bench,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  return {
    name: 'idle',
    image: await probeImage(bench),
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', 'infinity'],
    ...more,
  };
}
