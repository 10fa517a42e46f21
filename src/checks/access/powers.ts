import type { PermissionRule } from '../../evidence/cluster-access.ts';

/** Ways to take over a part of the chain through the API server. */
export const POWERS = [
  'read-secrets',
  'enter-pods',
  'create-pods',
  'mint-tokens',
  'change-objects',
  'take-over',
] as const;
export type Power = (typeof POWERS)[number];

interface Demand {
  readonly groups: readonly string[];
  /** `*` stands for every resource of the group, but for parts of objects that controllers write. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch'];
const CHANGE = [...WRITE, 'delete', 'deletecollection'];

/** Groups of objects that decide who may talk to whom, and how. */
const RULES_OF_THE_MESH = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
];

const DEMANDS: Readonly<Record<Power, readonly Demand[]>> = {
  'read-secrets': [{ groups: [''], resources: ['secrets'], verbs: READ }],
  'enter-pods': [
    {
      groups: [''],
      resources: [
        'pods/exec',
        'pods/attach',
        'pods/portforward',
        'pods/proxy',
        'services/proxy',
        'nodes/proxy',
      ],
      verbs: ['get', 'create'],
    },
    { groups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['update', 'patch'] },
  ],
  'create-pods': [
    { groups: [''], resources: ['pods', 'replicationcontrollers'], verbs: WRITE },
    {
      groups: ['apps', 'extensions'],
      resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'],
      verbs: WRITE,
    },
    { groups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: WRITE },
  ],
  'mint-tokens': [{ groups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }],
  'change-objects': [
    { groups: RULES_OF_THE_MESH, resources: ['*'], verbs: CHANGE },
    { groups: [''], resources: ['secrets', 'configmaps'], verbs: CHANGE },
    { groups: [''], resources: ['services', 'namespaces'], verbs: WRITE },
    {
      groups: ['admissionregistration.k8s.io'],
      resources: [
        'mutatingwebhookconfigurations',
        'validatingwebhookconfigurations',
        'mutatingadmissionpolicies',
        'mutatingadmissionpolicybindings',
      ],
      verbs: CHANGE,
    },
    {
      groups: ['apiextensions.k8s.io'],
      resources: ['customresourcedefinitions'],
      verbs: ['update', 'patch', 'delete', 'deletecollection'],
    },
  ],
  'take-over': [
    { groups: [''], resources: ['users', 'groups', 'serviceaccounts'], verbs: ['impersonate'] },
    {
      groups: ['rbac.authorization.k8s.io'],
      resources: ['roles', 'clusterroles'],
      verbs: ['escalate', 'bind'],
    },
    { groups: ['certificates.k8s.io'], resources: ['signers'], verbs: ['approve', 'sign'] },
    {
      groups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests/nodeclient', 'certificatesigningrequests/selfnodeclient'],
      verbs: ['create'],
    },
  ],
};

/**
 * What a rule permits of one power, each as `create pods/exec`; nothing: it is about something else. A rule that names
 * objects permits no `create` of a whole object: its name is not known before. Pure.
 */
export function permittedBy(rule: PermissionRule, power: Power): readonly string[] {
  const found = DEMANDS[power].flatMap((demand) => {
    if (!demand.groups.some((group) => names(rule.apiGroups, group))) return [];
    return demand.resources
      .flatMap((resource) => resourcesIn(rule, resource))
      .flatMap((resource) =>
        demand.verbs
          .filter((verb) => names(rule.verbs, verb) && canBeNamed(rule, verb, resource))
          .map((verb) => `${verb} ${resource}`),
      );
  });
  return [...new Set(found)];
}

/** Whether the rule decides that one request, subresource and name included. Pure. */
export function permits(
  rule: PermissionRule,
  { group, resource, verb }: { readonly group: string; readonly resource: string; readonly verb: string },
): boolean {
  return (
    rule.resourceNames.length === 0 &&
    names(rule.apiGroups, group) &&
    names(rule.verbs, verb) &&
    resourcesIn(rule, resource).length > 0
  );
}

function names(list: readonly string[], name: string): boolean {
  return list.includes('*') || list.includes(name);
}

/** The wanted resources as the rule has them; `*` of a rule is every resource, and every subresource. */
function resourcesIn({ resources }: PermissionRule, wanted: string): readonly string[] {
  if (wanted === '*') return resources.filter((resource) => !/\/(status|scale|finalizers)$/.test(resource));
  if (resources.includes('*') || resources.includes(wanted)) return [wanted];
  const [, sub] = wanted.split('/');
  return sub !== undefined && resources.includes(`*/${sub}`) ? [wanted] : [];
}

function canBeNamed({ resourceNames }: PermissionRule, verb: string, resource: string): boolean {
  if (resourceNames.length === 0) return true;
  return verb === 'create' ? resource.includes('/') : verb !== 'deletecollection';
}
