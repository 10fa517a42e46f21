import type { RbacFilter } from '../../../../src/evidence/rbac-config.ts';
import { data } from '../../../support/wires.ts';
import { atCell, atChain, atWire, reached, recorded, type Row } from './broken.ts';

const opened: RbacFilter = {
  action: 'ALLOW',
  policies: [
    {
      name: 'ns[apps]-policy[theirs]-rule[0]',
      permissions: [{ kind: 'any' }],
      principals: [{ kind: 'any' }],
    },
  ],
};

export const ACCESS_ROWS: readonly Row[] = [
  [
    'bob reaches what is alice’s',
    atCell('bob-get-orders', (seen) =>
      seen.how === 'edge' ? { ...seen, traced: { ...seen.traced, ...reached(seen.traced) } } : seen,
    ),
    { 'MD-RBAC-002[bob-get-orders]': 'fail RBAC_TOO_WIDE' },
  ],
  [
    'alice is allowed by a policy of somebody else',
    atCell('alice-get-orders', (seen) =>
      seen.how === 'edge'
        ? {
            ...seen,
            traced: {
              ...seen.traced,
              ...recorded('sidecar', { rbac_policy: 'ns[apps]-policy[theirs]-rule[0]' })(seen.traced),
            },
          }
        : seen,
    ),
    { 'MD-RBAC-001[alice-get-orders]': 'fail RBAC_OTHER_POLICY' },
  ],
  [
    'the sidecar has no record of a refusal',
    atCell('bob-get-orders', (seen) =>
      seen.how === 'edge' ? { ...seen, traced: { ...seen.traced, sidecar: undefined } } : seen,
    ),
    { 'MD-RBAC-002[bob-get-orders]': 'unknown NO_RECORD' },
  ],
  [
    'the gateway itself refused',
    atCell('bob-get-orders', (seen) =>
      seen.how === 'edge'
        ? {
            ...seen,
            traced: {
              ...seen.traced,
              sidecar: undefined,
              gateway: { response_code_details: 'route_not_found' },
            },
          }
        : seen,
    ),
    { 'MD-RBAC-002[bob-get-orders]': 'fail REFUSED_ELSEWHERE' },
  ],
  [
    'a sign-in failed',
    atCell('alice-get-orders', ({ cell }) => ({ cell, how: 'not-asked', because: 'TOKEN_REFUSED' })),
    { 'MD-RBAC-001[alice-get-orders]': 'unknown CASE_NOT_RUN' },
  ],
  [
    'one pod lets the wrong caller in',
    atCell('ledger-get-internal-meshdev', (seen) =>
      seen.how === 'mesh'
        ? {
            ...seen,
            answers: seen.answers.map((one, at) =>
              at === 1
                ? { ...one, wire: data({ status: 200 }), record: { response_code_details: 'via_upstream' } }
                : one,
            ),
          }
        : seen,
    ),
    { 'MD-RBAC-002[ledger-get-internal-meshdev]': 'fail RBAC_TOO_WIDE' },
    'pod orders-5b8c-bbbbb: ',
  ],
  [
    'a stolen token works',
    atWire(({ stolenToken }) =>
      stolenToken === undefined
        ? {}
        : {
            stolenToken: {
              ...stolenToken,
              wire: data({ status: 200 }),
              record: { response_code_details: 'via_upstream' },
            },
          },
    ),
    { 'MD-RBAC-003': 'fail RBAC_SOURCE_NOT_CHECKED' },
  ],
  [
    'any workload gets in',
    atWire(({ unlisted }) => ({
      unlisted: {
        ...unlisted,
        wire: data({ status: 200 }),
        record: { response_code_details: 'via_upstream' },
      },
    })),
    { 'MD-RBAC-008': 'fail RBAC_DEFAULT_OPEN' },
  ],
  [
    'the app itself says 403',
    atWire(({ unlisted }) => ({
      unlisted: {
        ...unlisted,
        wire: data({ status: 403 }),
        record: { response_code_details: 'via_upstream' },
      },
    })),
    { 'MD-RBAC-008': 'fail RBAC_DEFAULT_OPEN' },
  ],
  [
    'a policy is in force at one pod alone',
    (found) => {
      const { proxies } = found['service.policies'];
      const [first, ...rest] = proxies;
      return {
        ...found,
        'service.policies': {
          ...found['service.policies'],
          proxies: [
            ...(first === undefined ? [] : [first]),
            ...rest.map((one) => ({ ...one, policies: ['apps/orders-2'] })),
          ],
        },
      };
    },
    { 'MD-RBAC-006[policy-apps-orders-1]': 'fail RBAC_DETACHED' },
    'not in effect at apps/orders-5b8c-bbbbb',
  ],
  [
    'a policy was removed',
    (found) => ({
      ...found,
      'service.policies': {
        ...found['service.policies'],
        objects: found['service.policies'].objects.filter(({ name }) => name !== 'orders-tokens'),
      },
    }),
    { 'MD-RBAC-006[tokens-apps-orders-tokens]': 'fail RBAC_DETACHED' },
    'there is no RequestAuthentication apps/orders-tokens',
  ],
  [
    'somebody else’s policy admits',
    (found) => {
      const { objects } = found['service.policies'];
      const theirs = objects.slice(0, 1).map((one) => ({ ...one, name: 'theirs', selector: {} }));
      return {
        ...found,
        'service.policies': { ...found['service.policies'], objects: [...objects, ...theirs] },
      };
    },
    { 'MD-RBAC-006[foreign]': 'fail RBAC_FOREIGN_ALLOW' },
    'apps/theirs admits requests to orders',
  ],
  [
    'the running configuration admits everybody at one pod',
    atChain(({ http }) => ({ http: http === undefined ? undefined : { ...http, rbac: [opened] } })),
    {},
    '',
    'fail',
  ],
];
