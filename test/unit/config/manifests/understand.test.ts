import { describe, expect, it } from 'vitest';
import { understandManifests } from '../../../../src/config/manifests/understand.ts';
import { STOCK } from '../../../support/manifests.ts';

const service = (id: string, text: string, values = {}) => ({
  id,
  values: { port: 80, manifests: './k8s', ...values },
  texts: [{ name: 'k8s/all.yaml', text }],
});

describe('manifests of several services', () => {
  it('may be one file: each object is owned by the first service', () => {
    const both = `${STOCK}---\n${STOCK.replaceAll('stock', 'orders')}`;
    const { facts, sets, problems } = understandManifests(
      [service('orders', both), service('stock', both)],
      'apps',
    );
    // The account is there twice, and alike.
    expect(problems).toEqual([]);
    expect([...facts.keys()]).toEqual(['orders', 'stock']);
    const names = (id: string) =>
      sets.get(id)?.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names('orders')).toEqual([
      'Service stock',
      'Deployment stock',
      'ServiceAccount keeper',
      'Service orders',
      'Deployment orders',
    ]);
    expect(names('stock')).toEqual([]);
  });

  it('cannot say two things of one object, whatever the version of its API', () => {
    const hpa = (version: string) =>
      `---\napiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: { name: stock }\n`;
    const { problems } = understandManifests([service('stock', `${STOCK}${hpa('v1')}${hpa('v2')}`)], 'apps');
    expect(problems).toEqual([
      {
        service: 'stock',
        at: 'k8s/all.yaml:34',
        message: 'HorizontalPodAutoscaler apps/stock is at k8s/all.yaml:30 already, with other contents',
      },
    ]);
  });

  it('put objects that name no namespace into that of meshdev.yaml, those of no namespace into none', () => {
    const more = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader, namespace: wrong }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec: { group: example.com, scope: Cluster, names: { kind: Thing } }
---
apiVersion: example.com/v1
kind: Thing
metadata: { name: a }
---
apiVersion: example.com/v1
kind: Other
metadata: { name: b }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
`;
    const { sets, facts } = understandManifests(
      [service('stock', `${STOCK}${more}`, { namespace: 'shop' })],
      'apps',
    );
    expect(facts.get('stock')?.namespace).toBe('shop');
    expect(
      sets.get('stock')?.objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}`),
    ).toEqual([
      'Service shop',
      'Deployment shop',
      'ServiceAccount shop',
      'ClusterRole -',
      'CustomResourceDefinition -',
      'Thing -',
      'Other shop',
    ]);
  });

  it('are said to bring what reaches beyond the service', () => {
    const object = (apiVersion: string, kind: string, namespace = 'apps') =>
      `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x, namespace: ${namespace} }\n`;
    const text = [
      STOCK,
      object('v1', 'ConfigMap'),
      object('v1', 'ConfigMap', 'other'),
      object('networking.istio.io/v1alpha3', 'EnvoyFilter'),
      object('security.istio.io/v1', 'AuthorizationPolicy'),
      object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'),
      object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding'),
      object('gateway.networking.k8s.io/v1', 'HTTPRoute'),
    ].join('');
    expect(understandManifests([service('stock', text)], 'apps').sets.get('stock')?.brings).toEqual([
      'ConfigMap other/x',
      'EnvoyFilter apps/x',
      'AuthorizationPolicy apps/x',
      'MutatingWebhookConfiguration x',
      'ClusterRoleBinding x',
      'RoleBinding apps/x',
      'HTTPRoute apps/x',
    ]);
  });

  it('that cannot be read are said to be so, and nothing is guessed from the rest', () => {
    const { facts, problems } = understandManifests([service('stock', 'kind: Service\n')], 'apps');
    expect(facts.size).toBe(0);
    expect(problems.map(({ service: of, message }) => `${of} ${message}`)).toEqual([
      'stock apiVersion: is missing',
      'stock metadata: is missing',
    ]);
  });
});
