import { APP_ID } from '../sample/names.ts';
import { ISTIO_NAMESPACE } from '../mesh/manifests/names.ts';
import type { Lab } from '../topology/lab.ts';

/** One question about an access, as a SubjectAccessReview asks it. */
export interface AccessQuestion {
  readonly id: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  /** `secrets`, `pods/exec`. */
  readonly resource: string;
  readonly namespace: string;
}

const OF_ACCOUNTS = ['system:serviceaccounts', 'system:authenticated'];

/** Callers that are no part of the lab, as the API server sees them. */
const STRANGERS = {
  anonymous: { user: 'system:anonymous', groups: ['system:unauthenticated'] },
  authenticated: { user: 'meshdev-check', groups: ['system:authenticated'] },
  account: {
    user: 'system:serviceaccount:default:default',
    groups: [...OF_ACCOUNTS, 'system:serviceaccounts:default'],
  },
} as const;

/**
 * Samples of what the RBAC objects say, for the API server itself to decide: another authorizer beside RBAC is in no
 * object. The last one is the control: an administrator is admitted.
 */
export function accessQuestions({ workloads: { gateway, [APP_ID]: app } }: Lab): readonly AccessQuestion[] {
  const asked = [
    { what: 'secrets', verb: 'list', group: '', resource: 'secrets', namespace: ISTIO_NAMESPACE },
    { what: 'exec', verb: 'create', group: '', resource: 'pods/exec', namespace: gateway.namespace },
    { what: 'pods', verb: 'create', group: '', resource: 'pods', namespace: gateway.namespace },
    {
      what: 'policies',
      verb: 'patch',
      group: 'security.istio.io',
      resource: 'authorizationpolicies',
      namespace: app.namespace,
    },
  ];
  return [
    ...Object.entries(STRANGERS).flatMap(([who, caller]) =>
      asked.map(({ what, ...request }) => ({ id: `${who}-${what}`, ...caller, ...request })),
    ),
    {
      id: ADMINISTRATOR,
      user: 'kubernetes-admin',
      groups: ['system:masters', 'system:authenticated'],
      verb: 'list',
      group: '',
      resource: 'secrets',
      namespace: ISTIO_NAMESPACE,
    },
  ];
}

/** The question whose answer is yes in every cluster. */
export const ADMINISTRATOR = 'administrator-secrets';
