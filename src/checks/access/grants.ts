import type { AccessQuestion } from '../../cases/access-questions.ts';
import type { AccessSubject, BindingSeen, ClusterAccess, RoleSeen } from '../../evidence/cluster-access.ts';
import { permits, permittedBy, type Power, POWERS } from './powers.ts';

/** What one binding gives to one subject, of one power. */
export interface Grant {
  readonly subject: AccessSubject;
  readonly power: Power;
  /** `get secrets`, each once. */
  readonly permits: readonly string[];
  /** Undefined: in every namespace. */
  readonly namespace?: string;
  /** Names that its rules are about; empty: all. */
  readonly objects: readonly string[];
  readonly binding: BindingSeen;
}

type Rules = (binding: BindingSeen) => RoleSeen | undefined;

/**
 * All that the bindings give over these namespaces, as RBAC computes it: what a Role or ClusterRole permits holds in the
 * namespace of a RoleBinding, and everywhere for a ClusterRoleBinding. Pure.
 */
export function grantsOf(access: ClusterAccess, namespaces: ReadonlySet<string>): readonly Grant[] {
  const roleOf = rolesOf(access);
  return access.bindings
    .filter(({ namespace }) => namespace === undefined || namespaces.has(namespace))
    .flatMap((binding) => {
      const role = roleOf(binding);
      return role === undefined ? [] : POWERS.flatMap((power) => grantsBy(binding, role, power));
    });
}

function grantsBy(binding: BindingSeen, { rules }: RoleSeen, power: Power): readonly Grant[] {
  const held = rules.flatMap((rule) => {
    const found = permittedBy(rule, power);
    return found.length === 0 ? [] : [{ permits: found, objects: rule.resourceNames }];
  });
  if (held.length === 0) return [];
  const whole = held.some(({ objects }) => objects.length === 0);
  return binding.subjects.map((subject) => ({
    subject,
    power,
    permits: [...new Set(held.flatMap((each) => each.permits))],
    objects: whole ? [] : [...new Set(held.flatMap(({ objects }) => objects))],
    ...(binding.namespace === undefined ? {} : { namespace: binding.namespace }),
    binding,
  }));
}

function rolesOf({ roles }: ClusterAccess): Rules {
  const byKey = new Map(roles.map((role) => [keyOf(role.kind, role.name, role.namespace), role]));
  return ({ role, namespace }) =>
    byKey.get(keyOf(role.kind, role.name, role.kind === 'Role' ? namespace : undefined));
}

function keyOf(kind: string, name: string, namespace = ''): string {
  return `${kind} ${namespace}/${name}`;
}

/** Whether RBAC alone permits what was asked, of a user with these groups. Pure. */
export function isPermitted(access: ClusterAccess, question: AccessQuestion): boolean {
  const roleOf = rolesOf(access);
  return access.bindings
    .filter(({ namespace }) => namespace === undefined || namespace === question.namespace)
    .filter(({ subjects }) => subjects.some((subject) => isAsked(subject, question)))
    .some((binding) => roleOf(binding)?.rules.some((rule) => permits(rule, question)) === true);
}

function isAsked(subject: AccessSubject, { user, groups }: AccessQuestion): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user;
    case 'Group':
      return groups.includes(subject.name);
    case 'ServiceAccount':
      return user === `system:serviceaccount:${subject.namespace ?? ''}:${subject.name}`;
  }
}

/** `ServiceAccount kube-system/coredns`, `Group system:masters`. */
export function subjectName({ kind, namespace, name }: AccessSubject): string {
  return kind === 'ServiceAccount' ? `${kind} ${namespace ?? ''}/${name}` : `${kind} ${name}`;
}
