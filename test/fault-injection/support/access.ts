import type { Bench } from './bench.ts';
import { addObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Somebody’s role, and who has it. */
export interface Grant {
  readonly name: string;
  /** Of a Role and its RoleBinding; without one they are of the cluster. */
  readonly namespace?: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly subject: Readonly<Record<string, string>>;
}

/** Every service account of the cluster. */
export const EVERY_ACCOUNT = { kind: 'Group', name: 'system:serviceaccounts', apiGroup: GROUP };
/** The account that pods of the namespace `default` run under. */
export const DEFAULT_ACCOUNT = { kind: 'ServiceAccount', name: 'default', namespace: 'default' };

/** One role with its binding; restoring deletes both. */
export function grant(bench: Bench, { name, namespace, rules, subject }: Grant): Promise<Restore> {
  const [role, binding] =
    namespace === undefined ? ['ClusterRole', 'ClusterRoleBinding'] : ['Role', 'RoleBinding'];
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const apiVersion = `${GROUP}/v1`;
  return addObject(bench, {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion, kind: role, metadata, rules },
      {
        apiVersion,
        kind: binding,
        metadata,
        roleRef: { apiGroup: GROUP, kind: role, name },
        subjects: [subject],
      },
    ],
  });
}
