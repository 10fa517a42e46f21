/** Labels on everything meshdev creates; what lacks them is never touched. */
export const LABEL = {
  managedBy: 'dev.meshdev.managed-by',
  lab: 'dev.meshdev.lab',
  role: 'dev.meshdev.role',
  /** Id of the service of meshdev.yaml that the object or image belongs to. */
  service: 'dev.meshdev.service',
  /** Digest of the specification that the object was made from; differs = out of date. */
  spec: 'dev.meshdev.spec',
  /** Random id of the lab, which its state directory holds: two directories may have the same path. */
  owner: 'dev.meshdev.owner',
  /** For people: user and machine, state directory, time. */
  madeBy: 'dev.meshdev.made-by',
  madeFrom: 'dev.meshdev.made-from',
  madeAt: 'dev.meshdev.made-at',
} as const;

/** kind's own label on its nodes; the value is the cluster's name. */
export const KIND_CLUSTER = 'io.x-k8s.kind.cluster';

export const MANAGED_BY = 'meshdev';

/** Labels as kubectl takes them: `app=orders,tier=web`. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** Labels of one object of a lab. */
export function labelsOf(lab: string, role: string, spec?: string): Record<string, string> {
  return {
    [LABEL.managedBy]: MANAGED_BY,
    [LABEL.lab]: lab,
    [LABEL.role]: role,
    ...(spec === undefined ? {} : { [LABEL.spec]: spec }),
  };
}

/** Whose an object is, as its labels say it. */
export interface OwnerMark {
  readonly id: string;
  /** `user@machine` */
  readonly by: string;
  /** The state directory. */
  readonly from: string;
  /** RFC 3339. */
  readonly at: string;
}

export function ownerLabels({ id, by, from, at }: OwnerMark): Record<string, string> {
  return { [LABEL.owner]: id, [LABEL.madeBy]: by, [LABEL.madeFrom]: from, [LABEL.madeAt]: at };
}

/** Undefined for what a version before made, which did not write down whose it is. */
export function ownerIn(labels: Readonly<Record<string, string>>): OwnerMark | undefined {
  const id = labels[LABEL.owner];
  if (id === undefined) return undefined;
  const said = (name: string): string => labels[name] ?? 'unknown';
  return { id, by: said(LABEL.madeBy), from: said(LABEL.madeFrom), at: said(LABEL.madeAt) };
}
