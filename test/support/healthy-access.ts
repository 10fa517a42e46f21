import { accessQuestions, ADMINISTRATOR } from '../../src/cases/access-questions.ts';
import type {
  AccessSubject,
  BindingSeen,
  ClusterAccess,
  PermissionRule,
  RoleSeen,
} from '../../src/evidence/cluster-access.ts';
import type { Lab } from '../../src/topology/lab.ts';
import type { Break } from './break-evidence.ts';

interface Given {
  readonly name: string;
  /** Of a Role and its RoleBinding. */
  readonly namespace?: string;
  readonly subjects: readonly AccessSubject[];
  readonly rules: readonly PermissionRule[];
}

export function group(name: string): AccessSubject {
  return { kind: 'Group', name };
}

export function account(namespace: string, name: string): AccessSubject {
  return { kind: 'ServiceAccount', namespace, name };
}

/** `rule('', 'secrets', 'get list')`; lists are separated by blanks. */
export function rule(
  apiGroups: string,
  resources: string,
  verbs: string,
  resourceNames: readonly string[] = [],
): PermissionRule {
  return {
    apiGroups: apiGroups.split(' '),
    resources: resources.split(' '),
    verbs: verbs.split(' '),
    resourceNames,
  };
}

/** What kubeadm, Istio and meshdev set up, as far as it is about the chain. */
function given({ workloads: { gateway } }: Lab): readonly Given[] {
  const controller = (name: string, ...rules: readonly PermissionRule[]): Given => ({
    name: `system:controller:${name}`,
    subjects: [account('kube-system', name)],
    rules,
  });
  const istiod = account('istio-system', 'istiod');
  return [
    {
      name: 'cluster-admin',
      subjects: [group('system:masters'), group('kubeadm:cluster-admins')],
      rules: [rule('*', '*', '*')],
    },
    {
      name: 'system:basic-user',
      subjects: [group('system:authenticated')],
      rules: [rule('authorization.k8s.io', 'selfsubjectaccessreviews', 'create')],
    },
    controller('deployment-controller', rule('apps', 'deployments replicasets', 'get update create')),
    controller('generic-garbage-collector', rule('*', '*', 'get list watch patch update delete')),
    controller('horizontal-pod-autoscaler', rule('*', '*/scale', 'get update')),
    {
      name: 'kubeadm:apiserver-kubelet-client',
      subjects: [{ kind: 'User', name: 'kube-apiserver-kubelet-client' }],
      rules: [rule('', 'nodes/proxy nodes/log', '*')],
    },
    controller('root-ca-cert-publisher', rule('', 'configmaps', 'create update')),
    {
      name: 'istiod-clusterrole-istio-system',
      subjects: [istiod],
      rules: [
        rule('', 'secrets', 'get list watch'),
        rule('', 'configmaps', 'create get list watch update'),
        rule('networking.istio.io', 'workloadentries workloadentries/status', 'create update patch delete'),
        rule('networking.istio.io security.istio.io', '*', 'get list watch'),
      ],
    },
    {
      name: gateway.serviceAccount,
      namespace: gateway.namespace,
      subjects: [account(gateway.namespace, gateway.serviceAccount)],
      rules: [rule('', 'secrets', 'get watch list')],
    },
  ];
}

export function healthyAccess(lab: Lab): ClusterAccess {
  const all = given(lab);
  return {
    roles: all.map(roleOf),
    bindings: all.map((each) => bindingOf(each)),
    reviews: accessQuestions(lab).map((question) => ({
      ...question,
      allowed: question.id === ADMINISTRATOR,
    })),
  };
}

function roleOf({ name, namespace, rules }: Given): RoleSeen {
  return namespace === undefined
    ? { kind: 'ClusterRole', name, rules }
    : { kind: 'Role', namespace, name, rules };
}

function bindingOf({ name, namespace, subjects }: Given, declared = false): BindingSeen {
  return {
    ...(namespace === undefined
      ? { kind: 'ClusterRoleBinding' as const }
      : { kind: 'RoleBinding' as const, namespace }),
    name,
    role: { kind: namespace === undefined ? 'ClusterRole' : 'Role', name },
    subjects,
    declared,
  };
}

/** One role with its binding more. */
export function granted(more: Given, declared = false): Break {
  return access(({ roles, bindings }) => ({
    roles: [...roles, roleOf(more)],
    bindings: [...bindings, bindingOf(more, declared)],
  }));
}

export function access(change: (seen: ClusterAccess) => Partial<ClusterAccess>): Break {
  return (all) => ({
    ...all,
    'cluster.access': { ...all['cluster.access'], ...change(all['cluster.access']) },
  });
}
