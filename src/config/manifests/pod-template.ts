import { z } from 'zod';
import type { KubeObject } from '../../ports/cluster.ts';
import type { ManifestObject } from './manifest-object.ts';

const names = z.record(z.string(), z.string()).nullish();
const port = z.looseObject({
  name: z.string().nullish(),
  containerPort: z.number(),
  hostPort: z.number().nullish(),
  protocol: z.string().nullish(),
});
const container = z.looseObject({ name: z.string(), ports: z.array(port).nullish() });
const templateShape = z.looseObject({
  metadata: z.looseObject({ labels: names, annotations: names }).nullish(),
  spec: z.looseObject({
    serviceAccountName: z.string().nullish(),
    /** The old name of the same field. */
    serviceAccount: z.string().nullish(),
    hostNetwork: z.boolean().nullish(),
    containers: z.array(container),
    initContainers: z.array(container).nullish(),
  }),
});

export interface ContainerPort {
  readonly name: string | undefined;
  readonly number: number;
  readonly hostPort: number | undefined;
}

/** What a workload makes its pods from. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Undefined where it names none: the pods run as `default`. */
  readonly serviceAccount: string | undefined;
  readonly hostNetwork: boolean;
  /** TCP ports of its containers. */
  readonly ports: readonly ContainerPort[];
  /** Where it is in the object. */
  readonly path: readonly string[];
}

const WORKLOADS: Readonly<Record<string, readonly string[]>> = {
  'apps/v1 Deployment': ['spec', 'template'],
  'apps/v1 StatefulSet': ['spec', 'template'],
  'apps/v1 DaemonSet': ['spec', 'template'],
  'apps/v1 ReplicaSet': ['spec', 'template'],
  'v1 Pod': [],
};

const inSpec = z.looseObject({ spec: z.looseObject({ template: z.unknown() }) });

/** The pod template of a workload; `broken` where it is none, undefined for other kinds. Pure. */
export function templateOf(object: KubeObject): PodTemplate | 'broken' | undefined {
  const path = WORKLOADS[`${object.apiVersion} ${object.kind}`];
  if (path === undefined) return undefined;
  const value = path.length === 0 ? object : inSpec.safeParse(object).data?.spec.template;
  const read = templateShape.safeParse(value);
  if (!read.success) return 'broken';
  const { metadata, spec } = read.data;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return {
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    serviceAccount: (spec.serviceAccountName ?? undefined) || (spec.serviceAccount ?? undefined) || undefined,
    hostNetwork: spec.hostNetwork === true,
    ports: containers
      .flatMap(({ ports }) => ports ?? [])
      .filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP')
      .map((each) => ({
        name: each.name ?? undefined,
        number: each.containerPort,
        hostPort: each.hostPort ?? undefined,
      })),
    path,
  };
}

/** A workload with its pod template. */
export interface Workload extends ManifestObject {
  readonly template: PodTemplate;
}

/** The workloads among these objects. Pure. */
export function workloadsIn(objects: readonly ManifestObject[]): readonly Workload[] {
  return objects.flatMap((each) => {
    const template = templateOf(each.object);
    return template === undefined || template === 'broken' ? [] : [{ ...each, template }];
  });
}

const PREFIX = 'traffic.sidecar.istio.io';

/**
 * Why requests to the pods of a workload do not go through a sidecar, each with the place that says so. Pure.
 * @param target the port of the pod that is routed
 */
export function sidecarProblems(
  { template, where }: Workload,
  target: number,
): readonly { readonly at: string; readonly message: string }[] {
  const { labels, annotations, hostNetwork, ports, path } = template;
  const inject = { label: labels['sidecar.istio.io/inject'], note: annotations['sidecar.istio.io/inject'] };
  const excluded = listed(annotations[`${PREFIX}/excludeInboundPorts`]);
  const included = annotations[`${PREFIX}/includeInboundPorts`];
  const at = (...keys: readonly string[]): string => where([...path, ...keys]);
  const onHost = ports.filter(({ hostPort }) => hostPort !== undefined && hostPort !== 0);
  return [
    ...(hostNetwork
      ? [
          {
            at: at('spec', 'hostNetwork'),
            message: 'hostNetwork: pods on the network of the node get no sidecar',
          },
        ]
      : []),
    // The label counts before the annotation.
    ...((inject.label ?? inject.note) === 'false'
      ? [{ at: at('metadata'), message: 'sidecar.istio.io/inject is "false": the pods get no sidecar' }]
      : []),
    ...(excluded.includes(String(target))
      ? [
          {
            at: at('metadata', 'annotations', `${PREFIX}/excludeInboundPorts`),
            message: `excludeInboundPorts has ${target}: requests to it bypass the sidecar`,
          },
        ]
      : []),
    ...(included !== undefined && included !== '*' && !listed(included).includes(String(target))
      ? [
          {
            at: at('metadata', 'annotations', `${PREFIX}/includeInboundPorts`),
            message: `includeInboundPorts lacks ${target}: requests to it bypass the sidecar`,
          },
        ]
      : []),
    ...onHost.map(({ number, hostPort }) => ({
      at: at('spec', 'containers'),
      message: `hostPort ${hostPort} makes port ${number} of the pod reachable on the node, beside edge and gateway`,
    })),
  ];
}

function listed(text = ''): readonly string[] {
  return text.split(',').map((item) => item.trim());
}
