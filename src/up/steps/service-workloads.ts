import { z } from 'zod';
import type { WorkloadName } from '../../cluster/workload-ready.ts';
import { templateOf } from '../../config/manifests/pod-template.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { LABEL } from '../../topology/labels.ts';

/** A workload of a service of meshdev.yaml. */
export interface ServiceWorkload extends WorkloadName {
  /** Id of the service. */
  readonly service: string;
}

const selecting = z.object({
  spec: z.object({ selector: z.object({ matchLabels: z.record(z.string(), z.string()) }) }),
});

/** Everything among the objects of services that runs pods: their own workloads, and those that they bring along. Pure. */
export function serviceWorkloads(objects: readonly KubeObject[]): readonly ServiceWorkload[] {
  return objects.flatMap((object) => {
    const template = templateOf(object);
    if (template === undefined || template === 'broken') return [];
    const { apiVersion, kind, metadata } = object;
    const { name, namespace = 'default', labels } = metadata;
    return [
      {
        service: labels?.[LABEL.service] ?? name,
        apiVersion,
        kind,
        name,
        namespace,
        labels: selecting.safeParse(object).data?.spec.selector.matchLabels ?? template.labels,
      },
    ];
  });
}
