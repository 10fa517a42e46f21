import type { AccessQuestion } from '../cases/access-questions.ts';

/** What one rule of a Role or ClusterRole permits; names as in the object. Rules about URLs have no resources. */
export interface PermissionRule {
  readonly apiGroups: readonly string[];
  /** `secrets`, `pods/exec`, `*`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Empty: objects of every name. */
  readonly resourceNames: readonly string[];
}

/** A Role or ClusterRole as the API server evaluates it: the rules of an aggregated one are filled in. */
export interface RoleSeen {
  readonly kind: 'Role' | 'ClusterRole';
  /** Of a Role. */
  readonly namespace?: string;
  readonly name: string;
  readonly rules: readonly PermissionRule[];
}

/** Who a binding is for; `namespace` of a ServiceAccount. */
export interface AccessSubject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly namespace?: string;
  readonly name: string;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface BindingSeen {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  /** Of a RoleBinding. */
  readonly namespace?: string;
  readonly name: string;
  readonly role: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly subjects: readonly AccessSubject[];
  /** RFC 3339; undefined where the API server does not say. */
  readonly since?: string;
  /** It is in the manifests of a service of meshdev.yaml. */
  readonly declared: boolean;
}

/** What the API server answers; undefined: it did not say. */
export interface AccessReview extends AccessQuestion {
  readonly allowed: boolean | undefined;
}

/** Who may do what at the API server of the lab. */
export interface ClusterAccess {
  readonly roles: readonly RoleSeen[];
  readonly bindings: readonly BindingSeen[];
  /** Samples that the API server itself decided. */
  readonly reviews: readonly AccessReview[];
}
