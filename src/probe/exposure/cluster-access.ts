import { z } from 'zod';
import { type AccessQuestion, accessQuestions } from '../../cases/access-questions.ts';
import type { AccessReview, BindingSeen, ClusterAccess, RoleSeen } from '../../evidence/cluster-access.ts';
import { type Cluster, type KubeObject, nameOf, refOf } from '../../ports/cluster.ts';
import { readAnswer } from '../../read-answer.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { declaredNames } from '../declared-names.ts';
import type { Needs } from '../probe-context.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

export function collectClusterAccess({
  context,
  signal,
}: Needs<'context' | 'signal'>): Promise<ClusterAccess> {
  return readClusterAccess(context, signal);
}

/** Every RBAC object, in one call for each kind, and a few answers of the API server itself. */
export async function readClusterAccess(
  context: Pick<LabContext, 'cluster' | 'lab' | 'manifests'>,
  signal: AbortSignal,
): Promise<ClusterAccess> {
  const { cluster, lab } = context;
  const list = (kind: string): Promise<readonly KubeObject[]> =>
    cluster.list({ apiVersion: RBAC, kind }, signal);
  const [clusterRoles, roles, clusterBindings, bindings, reviews] = await Promise.all([
    list('ClusterRole'),
    list('Role'),
    list('ClusterRoleBinding'),
    list('RoleBinding'),
    Promise.all(accessQuestions(lab).map((question) => review(cluster, question, signal))),
  ]);
  const declared = declaredNames(context);
  return {
    roles: [...clusterRoles, ...roles].map(toRole),
    bindings: [...clusterBindings, ...bindings].map((object) => toBinding(object, declared)),
    reviews,
  };
}

const texts = z.array(z.string()).nullish();
const roleShape = z.object({
  rules: z
    .array(z.object({ apiGroups: texts, resources: texts, verbs: texts, resourceNames: texts }))
    .nullish(),
});

function toRole(object: KubeObject): RoleSeen {
  const { kind, metadata } = object;
  const { rules } = readAnswer(roleShape, object, `reading ${kind} ${metadata.name}`);
  return {
    kind: kind === 'Role' ? 'Role' : 'ClusterRole',
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    name: metadata.name,
    rules: (rules ?? []).map(({ apiGroups, resources, verbs, resourceNames }) => ({
      apiGroups: apiGroups ?? [],
      resources: resources ?? [],
      verbs: verbs ?? [],
      resourceNames: resourceNames ?? [],
    })),
  };
}

const bindingShape = z.object({
  roleRef: z.object({ kind: z.enum(['Role', 'ClusterRole']), name: z.string() }),
  subjects: z
    .array(
      z.object({
        kind: z.enum(['User', 'Group', 'ServiceAccount']),
        namespace: z.string().optional(),
        name: z.string(),
      }),
    )
    .nullish(),
});

function toBinding(object: KubeObject, declared: ReadonlySet<string>): BindingSeen {
  const { kind, metadata } = object;
  const { roleRef, subjects } = readAnswer(bindingShape, object, `reading ${kind} ${metadata.name}`);
  const since = metadata['creationTimestamp'];
  return {
    kind: kind === 'RoleBinding' ? 'RoleBinding' : 'ClusterRoleBinding',
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    name: metadata.name,
    role: roleRef,
    subjects: (subjects ?? []).map(({ namespace, ...subject }) => ({
      ...subject,
      ...(namespace === undefined ? {} : { namespace }),
    })),
    ...(typeof since === 'string' ? { since } : {}),
    declared: declared.has(nameOf(refOf(object))),
  };
}

const answerShape = z.object({ status: z.object({ allowed: z.boolean() }) });

/** A review is no object: the API server stores none, and answers with its decision. */
async function review(
  cluster: Cluster,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<AccessReview> {
  const [resource = '', subresource = ''] = question.resource.split('/');
  const { user, groups, verb, group, namespace } = question;
  const answer = await cluster.admission(
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: { name: '' },
      spec: { user, groups, resourceAttributes: { verb, group, resource, subresource, namespace } },
    },
    signal,
  );
  const read = answer.kind === 'admitted' ? answerShape.safeParse(answer.object).data : undefined;
  return { ...question, allowed: read?.status.allowed };
}
