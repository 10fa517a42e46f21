import { stringify } from 'yaml';
import { z } from 'zod';
import { labelsOf } from '../topology/labels.ts';
import type { Lab } from '../topology/lab.ts';

/** What this machine and its images ask of the cluster. */
export interface NodeNeeds {
  /** Kubernetes ≥ 1.35 refuses cgroup v1 unless told otherwise. */
  readonly cgroupV1: boolean;
  /** Without CAP_SYS_RESOURCE nothing may lower its OOM score or raise a kernel limit. */
  readonly restrictedHost: boolean;
  /** The node image carries its own CNI configuration (image source `packages`). */
  readonly ownCni: boolean;
}

const template = z.looseObject({
  kind: z.literal('Cluster'),
  apiVersion: z.literal('kind.x-k8s.io/v1alpha4'),
  networking: z.looseObject({ apiServerAddress: z.literal('127.0.0.1') }),
  kubeadmConfigPatches: z.array(z.string()).default([]),
  nodes: z.array(z.looseObject({ role: z.enum(['control-plane', 'worker']) })).min(1),
});

/** A file of kind-config/, read. @throws ZodError when the file in the package is broken. */
export type KindTemplate = z.infer<typeof template>;

export function parseKindTemplate(value: unknown): KindTemplate {
  return template.parse(value);
}

/** The kind configuration of a lab: the template, the lab's names, and patches only where they are needed. */
export function kindConfig(lab: Lab, base: KindTemplate, needs: NodeNeeds): KindTemplate {
  const labels = labelsOf(lab.name, 'node');
  const kubeadm = [...base.kubeadmConfigPatches, ...kubeadmPatches(needs)];
  return {
    ...base,
    name: lab.cluster.name,
    networking: { ...base.networking, ...(needs.ownCni ? { disableDefaultCNI: true } : {}) },
    nodes: base.nodes.map((node) => ({ ...node, labels })),
    kubeadmConfigPatches: kubeadm,
    ...(needs.restrictedHost ? { containerdConfigPatches: [CONTAINERD_PATCH] } : {}),
  };
}

/** kind translates this table name for the configuration version of its containerd. */
const CONTAINERD_PATCH = `[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
`;

/** No `apiVersion` in them: kind would then match by it, and a newer kubeadm would match nothing. */
function kubeadmPatches({ cgroupV1, restrictedHost }: NodeNeeds): readonly string[] {
  const kubelet = {
    ...(cgroupV1 ? { failCgroupV1: false } : {}),
    ...(restrictedHost ? { oomScoreAdj: 0 } : {}),
  };
  const proxy = restrictedHost ? { oomScoreAdj: 0, conntrack: { maxPerCore: 0, min: 0 } } : {};
  return [
    { kind: 'KubeletConfiguration', ...kubelet },
    { kind: 'KubeProxyConfiguration', ...proxy },
  ]
    .filter((patch) => Object.keys(patch).length > 1)
    .map((patch) => stringify(patch));
}
