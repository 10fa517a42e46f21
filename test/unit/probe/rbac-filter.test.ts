import { describe, expect, it } from 'vitest';
import { rbacFilter } from '../../../src/probe/mesh/rbac-filter.ts';
import { rbacDecision } from '../../../src/checks/services/rbac-decision.ts';
import type { JudgedRequest } from '../../../src/evidence/services/service-cells.ts';

const GATEWAY = 'spiffe://cluster.local/ns/istio-ingress/sa/gateway';

/** As istiod writes one rule for people (roles, methods, paths, hosts, ports), in Envoy's own JSON. */
const RULES = {
  '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
  rules: {
    policies: {
      'ns[apps]-policy[orders-1]-rule[0]': {
        permissions: [
          {
            and_rules: {
              rules: [
                {
                  or_rules: {
                    rules: [
                      {
                        header: {
                          name: ':authority',
                          string_match: { exact: 'orders.test', ignore_case: true },
                        },
                      },
                      {
                        header: {
                          name: ':authority',
                          string_match: { prefix: 'orders.test:', ignore_case: true },
                        },
                      },
                    ],
                  },
                },
                { or_rules: { rules: [{ header: { name: ':method', string_match: { exact: 'GET' } } }] } },
                {
                  or_rules: {
                    rules: [
                      { url_path: { path: { exact: '/orders' } } },
                      { url_path: { path: { prefix: '/orders/' } } },
                    ],
                  },
                },
                { or_rules: { rules: [{ destination_port: 8080 }] } },
              ],
            },
          },
        ],
        principals: [
          {
            and_ids: {
              ids: [
                { or_ids: { ids: [{ authenticated: { principal_name: { exact: GATEWAY } } }] } },
                {
                  or_ids: {
                    ids: [
                      {
                        metadata: {
                          filter: 'envoy.filters.http.jwt_authn',
                          path: [{ key: 'payload' }, { key: 'iss' }],
                          value: { string_match: { exact: 'https://auth.test' } },
                        },
                      },
                    ],
                  },
                },
                {
                  or_ids: {
                    ids: [
                      {
                        metadata: {
                          filter: 'envoy.filters.http.jwt_authn',
                          path: [{ key: 'payload' }, { key: 'roles' }],
                          value: {
                            or_match: {
                              value_matchers: [
                                { string_match: { exact: 'admin' } },
                                { list_match: { one_of: { string_match: { exact: 'admin' } } } },
                              ],
                            },
                          },
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  },
};

const REQUEST: JudgedRequest = {
  method: 'GET',
  path: '/orders/7?x=1',
  host: 'ORDERS.test:8443',
  port: 8080,
  principal: GATEWAY,
  token: { issuer: 'https://auth.test', subject: 'alice', roles: ['admin'] },
};
const { token: _token, ...WITHOUT_TOKEN } = REQUEST;

describe('the running RBAC configuration', () => {
  const filters = rbacFilter(RULES);

  it.each([
    ['admits what one policy matches, and names it', REQUEST, { kind: 'allow', policies: ['apps/orders-1'] }],
    ['denies another method', { ...REQUEST, method: 'DELETE' }, { kind: 'deny', policies: [] }],
    ['denies another path', { ...REQUEST, path: '/ordersx' }, { kind: 'deny', policies: [] }],
    ['denies another host', { ...REQUEST, host: 'orders.test.evil' }, { kind: 'deny', policies: [] }],
    ['denies another port', { ...REQUEST, port: 9090 }, { kind: 'deny', policies: [] }],
    ['denies another client', { ...REQUEST, principal: `${GATEWAY}2` }, { kind: 'deny', policies: [] }],
    [
      'denies another role',
      { ...REQUEST, token: { issuer: 'https://auth.test', subject: 'bob', roles: ['viewer'] } },
      { kind: 'deny', policies: [] },
    ],
    [
      'denies another issuer',
      { ...REQUEST, token: { issuer: 'https://evil.test', subject: 'alice', roles: ['admin'] } },
      { kind: 'deny', policies: [] },
    ],
    ['denies without a token', WITHOUT_TOKEN, { kind: 'deny', policies: [] }],
  ])('%s', (_, request, decision) => {
    expect(rbacDecision(filters, request)).toEqual(decision);
  });

  it('reads the list of several roles as Istio writes it', () => {
    const texts = {
      or_match: { value_matchers: ['clerk', 'admin'].map((exact) => ({ string_match: { exact } })) },
    };
    const roles = {
      metadata: {
        filter: 'envoy.filters.http.jwt_authn',
        path: [{ key: 'payload' }, { key: 'roles' }],
        value: { or_match: { value_matchers: [{ list_match: { one_of: texts } }, texts] } },
      },
    };
    const name = 'ns[apps]-policy[orders-1]-rule[0]';
    const policy = { permissions: [{ any: true }], principals: [roles] };
    const several = rbacFilter({ '@type': RULES['@type'], rules: { policies: { [name]: policy } } });
    const token = { issuer: 'https://auth.test', subject: 'bob', roles: ['viewer'] };
    expect(rbacDecision(several, REQUEST)).toEqual({ kind: 'allow', policies: ['apps/orders-1'] });
    expect(rbacDecision(several, { ...REQUEST, token })).toEqual({ kind: 'deny', policies: [] });
  });

  it('denies everything where it has no policy, and admits everything where nothing is filtered', () => {
    const empty = rbacFilter({ ...RULES, rules: {} });
    expect(rbacDecision(empty, REQUEST)).toEqual({ kind: 'deny', policies: [] });
    expect(rbacDecision(rbacFilter({ '@type': 'x.v3.Router' }), REQUEST)).toEqual({
      kind: 'allow',
      policies: [],
    });
  });

  it('does not count rules that are only logged', () => {
    expect(rbacFilter({ '@type': RULES['@type'], shadow_rules: RULES.rules })).toEqual([]);
  });

  it('lets a DENY come first', () => {
    const deny = rbacFilter({
      '@type': RULES['@type'],
      rules: {
        action: 'DENY',
        policies: {
          'ns[a]-policy[no]-rule[0]': { permissions: [{ any: true }], principals: [{ any: true }] },
        },
      },
    });
    expect(rbacDecision([...deny, ...filters], REQUEST)).toEqual({ kind: 'deny', policies: ['a/no'] });
  });

  const odd = (permission: object) =>
    rbacFilter({
      '@type': RULES['@type'],
      rules: {
        policies: { 'ns[a]-policy[odd]-rule[0]': { permissions: [permission], principals: [{ any: true }] } },
      },
    });

  it.each([
    ['a kind of condition that is new', { uri_template: {} }, 'a/odd has the condition uri_template'],
    [
      'another header',
      { header: { name: 'x-tenant', string_match: { exact: 'a' } } },
      'a/odd has the condition header x-tenant',
    ],
    ['its opposite', { not_rule: { matcher: {} } }, 'a/odd has the condition matcher'],
  ])('is unknown where it turns on %s', (_, permission, because) => {
    expect(rbacDecision(odd(permission), REQUEST)).toEqual({ kind: 'unknown', because });
  });

  it('is known where such a condition cannot change it', () => {
    const closed = { and_rules: { rules: [{ uri_template: {} }, { destination_port: 1 }] } };
    expect(rbacDecision(odd(closed), REQUEST)).toEqual({ kind: 'deny', policies: [] });
    expect(rbacDecision([...odd({ any: true }), ...filters], REQUEST)).toMatchObject({ kind: 'allow' });
  });
});
