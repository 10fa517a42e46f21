import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'readers need neither a token nor a role',
  names: 'AuthorizationPolicy apps/httpbin-read',
  commit: (bench) =>
    patchObject(
      bench,
      {
        kind: 'authorizationpolicy',
        namespace: bench.lab.workloads.httpbin.namespace,
        name: 'httpbin-read',
      },
      [
        ['remove', '/spec/rules/0/from/0/source/requestPrincipals'],
        ['remove', '/spec/rules/0/when'],
      ],
    ),
  extended: true,
  turns: {
    'MD-JWT-002': 'fail JWT_NOT_REQUIRED',
    'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
  logsTokens: true,
};
