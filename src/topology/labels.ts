/** Labels on everything meshdev creates; what lacks them is never touched. */
export const LABEL = {
  managedBy: 'dev.meshdev.managed-by',
  lab: 'dev.meshdev.lab',
  role: 'dev.meshdev.role',
  /** Digest of the specification that the object was made from; differs = out of date. */
  spec: 'dev.meshdev.spec',
} as const;

/** kind's own label on its nodes; the value is the cluster's name. */
export const KIND_CLUSTER = 'io.x-k8s.kind.cluster';

export const MANAGED_BY = 'meshdev';

/** Labels of one object of a lab. */
export function labelsOf(lab: string, role: string, spec?: string): Record<string, string> {
  return {
    [LABEL.managedBy]: MANAGED_BY,
    [LABEL.lab]: lab,
    [LABEL.role]: role,
    ...(spec === undefined ? {} : { [LABEL.spec]: spec }),
  };
}
