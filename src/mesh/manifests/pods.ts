import type { KubeObject } from '../../ports/cluster.ts';
import { USERS } from '../../profiles.ts';
import type { WorkloadIdentity } from '../../topology/identity.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';
import { labelsOf } from '../../topology/labels.ts';
import { labObject } from './object.ts';

/** An account without an API token: its only use is the SPIFFE ID made from its name. */
export function serviceAccount(lab: Lab, role: WorkloadName): KubeObject {
  const { namespace, serviceAccount: name } = lab.workloads[role];
  return labObject(
    lab,
    { apiVersion: 'v1', kind: 'ServiceAccount', name, namespace, role },
    { automountServiceAccountToken: false },
  );
}

export interface DeploymentParts {
  readonly role: WorkloadName;
  /** Labels that the Service and the policies select. */
  readonly selector: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly container: Readonly<Record<string, unknown>>;
  readonly podSecurity?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly terminationGracePeriodSeconds: number;
}

/**
 * Pods under the workload's own account, named after it. One, where nobody asks for more: the field is left to
 * whoever scales the Deployment.
 */
export function deployment(lab: Lab, parts: DeploymentParts): KubeObject {
  const { role, selector, annotations, container, podSecurity, volumes } = parts;
  const identity: WorkloadIdentity = lab.workloads[role];
  const labels = { ...parts.labels, ...selector, ...labelsOf(lab.name, role) };
  const template = {
    metadata: { labels, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      serviceAccountName: identity.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: parts.terminationGracePeriodSeconds,
      ...(podSecurity === undefined ? {} : { securityContext: podSecurity }),
      containers: [container],
      ...(volumes === undefined ? {} : { volumes }),
    },
  };
  return labObject(
    lab,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: identity.serviceAccount,
      namespace: identity.namespace,
      role,
    },
    { spec: { selector: { matchLabels: selector }, template } },
  );
}

/** An unprivileged user that owns nothing in any image. */
export const NOBODY = {
  runAsNonRoot: true,
  runAsUser: USERS.nobody,
  runAsGroup: USERS.nobody,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

export const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;
