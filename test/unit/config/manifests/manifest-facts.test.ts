import { describe, expect, it } from 'vitest';
import { factsOf, type WantedService } from '../../../../src/config/manifests/manifest-facts.ts';
import { objectsOf, STOCK } from '../../../support/manifests.ts';

const WANTED: WantedService = { id: 'stock', port: 80, protocol: 'http', extraPorts: [] };
const read = (text: string, wanted: Partial<WantedService> = {}) =>
  factsOf({ ...WANTED, ...wanted }, objectsOf(text));
const said = (text: string, wanted: Partial<WantedService> = {}) =>
  read(text, wanted).problems.map(({ at = 'nowhere', message }) => `${at} ${message}`);

describe('facts of manifests', () => {
  it('are namespace, account, selector, and the ports of the pod, named ones too', () => {
    const { facts, problems } = read(STOCK, { extraPorts: [{ port: 9090, protocol: 'http' }] });
    expect(problems).toEqual([]);
    expect(facts).toEqual({
      namespace: 'apps',
      serviceAccount: 'keeper',
      selector: { app: 'stock' },
      targetPort: 8080,
      extraTargets: new Map([[9090, 9090]]),
      parts: {
        workload: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'stock' },
        namespaces: [{ name: 'apps', labels: {}, annotations: {} }],
      },
    });
  });

  it.each(['StatefulSet', 'DaemonSet', 'ReplicaSet'])('are those of a %s too', (kind) => {
    expect(read(STOCK.replace('kind: Deployment', `kind: ${kind}`)).facts?.parts.workload.kind).toBe(kind);
  });

  it('are those of a Pod too, whose account may have its old name, or be none', () => {
    const pod = (account: string) => `apiVersion: v1
kind: Service
metadata: { name: stock, namespace: shop }
spec: { selector: { app: s }, ports: [{ port: 80, appProtocol: http, targetPort: 81 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: s, namespace: shop, labels: { app: s } }
spec: { ${account} containers: [{ name: a, image: a }] }
`;
    expect(read(pod('serviceAccount: old,')).facts).toMatchObject({
      namespace: 'shop',
      serviceAccount: 'old',
      targetPort: 81,
      parts: { workload: { apiVersion: 'v1', kind: 'Pod', name: 's' } },
    });
    expect(read(pod('')).facts?.serviceAccount).toBe('default');
  });

  it('name the namespaces of the objects with what is said of them, but for those of the system', () => {
    const text = `${STOCK}---
apiVersion: v1
kind: Namespace
metadata: { name: extra, labels: { team: a }, annotations: { note: b } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: r, namespace: kube-system }
`;
    const { facts, problems } = read(text);
    expect(problems).toEqual([]);
    expect(facts?.parts.namespaces).toEqual([
      { name: 'apps', labels: {}, annotations: {} },
      { name: 'extra', labels: { team: 'a' }, annotations: { note: 'b' } },
    ]);
  });

  const edited = (from: string, to: string): string => {
    expect(STOCK).toContain(from);
    return STOCK.replace(from, to);
  };

  it.each([
    [
      'metadata: { name: stock }',
      'metadata: { name: stoc }',
      'nowhere the manifests have no Service named stock',
    ],
    ['  selector: { app: stock }\n', '', 'k8s/stock.yaml:5 Service stock has no selector'],
    [
      'spec:\n',
      'spec:\n  type: ExternalName\n',
      'k8s/stock.yaml:5 Service stock is an ExternalName: it selects no pods',
    ],
    [
      'selector: { app: stock }',
      'selector: { app: other, tier: db }',
      'k8s/stock.yaml:5 Service stock selects app=other,tier=db in namespace apps: no Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod of the manifests has these labels',
    ],
    ['port: 80,', 'port: 81,', 'k8s/stock.yaml:7 Service stock has no TCP port 80; it has: 81, 9090'],
    [
      'port: 80,',
      'port: 80, protocol: UDP,',
      'k8s/stock.yaml:7 Service stock has no TCP port 80; it has: 9090',
    ],
    [
      'targetPort: web',
      'targetPort: wbe',
      'k8s/stock.yaml:7 port 80 leads to the port wbe of the pod, and no container of Deployment stock has a port of that name',
    ],
    [
      'name: http,',
      'name: main,',
      'k8s/stock.yaml:7 port 80 declares no protocol, so Istio would guess it from each connection: add appProtocol: http',
    ],
    [
      'name: http,',
      'name: tcp-main,',
      'k8s/stock.yaml:7 port 80 is tcp by its name tcp-main, and meshdev.yaml says appProtocol: http',
    ],
    [
      'name: http,',
      'name: http, appProtocol: https,',
      'k8s/stock.yaml:7 port 80 is https by its appProtocol, and meshdev.yaml says appProtocol: http',
    ],
    [
      'spec:\n      serviceAccountName',
      'spec:\n      hostNetwork: true\n      serviceAccountName',
      'k8s/stock.yaml:19 hostNetwork: pods on the network of the node get no sidecar',
    ],
    [
      '{ app: stock, tier: db }',
      '{ app: stock, sidecar.istio.io/inject: "false" }',
      'k8s/stock.yaml:17 sidecar.istio.io/inject is "false": the pods get no sidecar',
    ],
    [
      '{ labels: { app: stock, tier: db } }',
      '{ labels: { app: stock }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "1, 8080" } }',
      'k8s/stock.yaml:17 excludeInboundPorts has 8080: requests to it bypass the sidecar',
    ],
    [
      '{ labels: { app: stock, tier: db } }',
      '{ labels: { app: stock }, annotations: { traffic.sidecar.istio.io/includeInboundPorts: "1" } }',
      'k8s/stock.yaml:17 includeInboundPorts lacks 8080: requests to it bypass the sidecar',
    ],
    [
      'containerPort: 8080',
      'containerPort: 8080, hostPort: 80',
      'k8s/stock.yaml:21 hostPort 80 makes port 8080 of the pod reachable on the node, beside edge and gateway',
    ],
    [
      'selector: { app: stock }',
      'selector: { app: yes }',
      'k8s/stock.yaml:5 Service stock has no valid spec: spec.selector.app: Invalid input: expected string, received boolean',
    ],
    ['containers:\n', 'containors:\n', 'k8s/stock.yaml:14 Deployment stock has no valid pod template'],
  ])('with %j as %j are a mistake', (from, to, message) => {
    expect(said(edited(from, to))).toEqual([message]);
  });

  it('of two Services or two workloads are a mistake', () => {
    const [service = '', deployment = ''] = STOCK.split('---\n');
    const other = service.replace('name: stock', 'name: stock, namespace: shop');
    expect(said(`${STOCK}---\n${other}`)).toEqual([
      'k8s/stock.yaml:32 there are two Services named stock: the other is at k8s/stock.yaml:3',
    ]);
    expect(said(`${STOCK}---\n${deployment.replace('name: stock,', 'name: canary,')}`)).toEqual([
      'k8s/stock.yaml:5 Service stock selects Deployment stock and Deployment canary: a service is one workload, with one identity',
    ]);
  });

  it('of a namespace without sidecars are a mistake, and namespaces of the system are not made', () => {
    const made = (metadata: string) =>
      `${STOCK}---\napiVersion: v1\nkind: Namespace\nmetadata: ${metadata}\n`;
    expect(said(made('{ name: apps, labels: { istio-injection: disabled } }'))).toEqual([
      'k8s/stock.yaml:32 namespace apps: istio-injection is disabled, so its pods get no sidecar',
    ]);
    expect(said(made('{ name: apps, labels: { istio.io/rev: canary } }'))).toEqual([
      'k8s/stock.yaml:32 namespace apps: the mesh has no revision canary (istio.io/rev), so its pods get no sidecar',
    ]);
    expect(said(made('{ name: apps, labels: { istio-injection: enabled } }'))).toEqual([]);
    expect(said(made('{ name: other, labels: { istio-injection: disabled } }'))).toEqual([]);
    expect(said(made('{ name: kube-system }'))).toEqual([
      'k8s/stock.yaml:32 kube-system is a namespace of the system: manifests cannot make it',
    ]);
    expect(said(STOCK.replaceAll(/metadata: \{ name: (stock|keeper)/g, '$&, namespace: default'))).toEqual([
      'k8s/stock.yaml:3 pods in the namespace default have no sidecar',
    ]);
  });

  it.each([
    ['http2', 'grpc', true],
    ['http2', 'kubernetes.io/h2c', true],
    ['grpc', 'http2', true],
    ['grpc', 'http', false],
    ['tcp', 'mysql', true],
    ['http', 'kubernetes.io/ws', true],
    ['http', 'grpc-web', false],
  ] as const)('for %s take a port of %s: %s', (protocol, appProtocol, isRight) => {
    const text = edited('name: http,', `appProtocol: ${appProtocol},`);
    expect(said(text, { protocol })).toHaveLength(isRight ? 0 : 1);
  });

  it('miss an extra port that the Service has not, and keep the rest', () => {
    const { facts, problems } = read(STOCK, { extraPorts: [{ port: 7000, protocol: 'http' }] });
    expect(problems.map(({ message }) => message)).toEqual([
      'Service stock has no TCP port 7000; it has: 80, 9090',
    ]);
    expect(facts?.targetPort).toBe(8080);
  });
});
