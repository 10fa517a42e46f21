import { describe, expect, it } from 'vitest';
import { ACCESS_CHECKS } from '../../../src/checks/catalogue/cluster-access.ts';
import { permittedBy, type Power } from '../../../src/checks/access/powers.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { account, granted, group, rule } from '../../support/healthy-access.ts';
import { healthy } from './fault-table.ts';
import { judge } from './expected.ts';

const lab = createLab(DEFAULT_CHOICE);

describe('what a rule permits of a power', () => {
  it.each<[string, Power, Parameters<typeof rule>, readonly string[]]>([
    ['all of it with wildcards', 'mint-tokens', ['*', '*', '*'], ['create serviceaccounts/token']],
    [
      'a subresource of every kind',
      'mint-tokens',
      ['', '*/token', 'create'],
      ['create serviceaccounts/token'],
    ],
    ['nothing by the resource of a subresource', 'enter-pods', ['', 'pods', '*'], []],
    ['nothing of another group', 'read-secrets', ['apps', 'secrets', 'get'], []],
    ['a named object', 'read-secrets', ['', 'secrets', 'get create', ['cacerts']], ['get secrets']],
    ['nothing to create by name', 'create-pods', ['', 'pods', 'create', ['x']], []],
    [
      'nothing by the status of a rule',
      'change-objects',
      ['networking.istio.io', 'gateways/status', '*'],
      [],
    ],
    [
      'each kind of rule by its name',
      'change-objects',
      ['security.istio.io', 'authorizationpolicies', 'patch'],
      ['patch authorizationpolicies'],
    ],
    [
      'what impersonates',
      'take-over',
      ['', 'serviceaccounts', 'impersonate'],
      ['impersonate serviceaccounts'],
    ],
  ])('is %s', (_what, power, words, permitted) => {
    expect(permittedBy(rule(...words), power)).toEqual(permitted);
  });
});

describe('MD-EXPO-013', () => {
  it.each([
    [
      group('system:serviceaccounts'),
      'every service account (Group system:serviceaccounts) may list secrets in every namespace, by ClusterRoleBinding x to ClusterRole x',
    ],
    [
      account('shop', 'cart'),
      'ServiceAccount shop/cart may list secrets in every namespace, by ClusterRoleBinding x to ClusterRole x',
    ],
  ])('names who may do what, by which binding, and how to take it back', async (subject, message) => {
    const broken = granted({ name: 'x', subjects: [subject], rules: [rule('', 'secrets', 'list')] });
    const { checks } = await judge(lab, broken(healthy), ACCESS_CHECKS);
    expect(checks.filter(({ verdict }) => verdict.kind === 'fail')).toMatchObject([
      {
        case: 'read-secrets',
        verdict: { message, remedies: ['meshdev kubectl delete clusterrolebinding x'] },
      },
    ]);
  });

  it('deletes nothing that the cluster needs', async () => {
    const broken = granted({
      name: 'system:node-proxier',
      subjects: [account('kube-system', 'kube-proxy')],
      rules: [rule('', 'pods/exec', 'create')],
    });
    const { checks } = await judge(lab, broken(healthy), ACCESS_CHECKS);
    expect(checks.filter(({ verdict }) => verdict.kind === 'fail')).toMatchObject([
      {
        case: 'enter-pods',
        verdict: {
          remedies: [
            'meshdev kubectl describe clusterrolebinding system:node-proxier',
            'meshdev down',
            'meshdev up',
          ],
        },
      },
    ]);
  });

  it('lets a part of Kubernetes have its own powers and no others', async () => {
    const named = account('kube-system', 'resourcequota-controller');
    const read = granted({ name: 'quota', subjects: [named], rules: [rule('*', '*', 'list watch')] });
    const write = granted({ name: 'quota', subjects: [named], rules: [rule('', 'pods', 'create')] });
    const kinds = async (broken: typeof read) =>
      new Set((await judge(lab, broken(healthy), ACCESS_CHECKS)).checks.map(({ verdict }) => verdict.kind));
    expect(await kinds(read)).toEqual(new Set(['pass']));
    expect(await kinds(write)).toEqual(new Set(['pass', 'fail']));
  });
});
