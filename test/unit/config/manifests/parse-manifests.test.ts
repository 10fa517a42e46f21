import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../../../src/config/manifests/parse-manifests.ts';

const parse = (text: string) => parseManifests({ name: 'k8s/a.yaml', text });
const objects = (text: string) => parse(text).objects.map(({ object }) => object);

describe('manifests', () => {
  it('are the documents of a file, and the items of its lists, each with its line', () => {
    const text = `# nothing but a comment
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: b }
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }
---
`;
    const { objects: found, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(
      found.map(({ object, where }) => `${object.metadata.name} ${where(['metadata', 'name'])}`),
    ).toEqual(['a k8s/a.yaml:6', 'b k8s/a.yaml:13', 'c k8s/a.yaml:17']);
  });

  it('are read as kubectl reads them: octal modes, yes and no, but no times', () => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: a }
mode: 0644
on: yes
time: 12:30
date: 2026-01-02
`;
    expect(objects(text)[0]).toMatchObject({ mode: 420, true: true, time: '12:30', date: '2026-01-02' });
  });

  it('lose what an API server wrote, and have the data of a Secret in one form', () => {
    const text = `apiVersion: v1
kind: Secret
metadata:
  name: a
  namespace: shop
  creationTimestamp: null
  resourceVersion: "7"
  uid: u
  finalizers: [keep]
  labels:
stringData: { user: me }
data: { key: aw== }
status: {}
`;
    expect(objects(text)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a', namespace: 'shop', finalizers: ['keep'] },
        data: { key: 'aw==', user: 'bWU=' },
      },
    ]);
  });

  it.each([
    ['a: [', [/^k8s\/a\.yaml:1 /]],
    ['- 1\n', [/^k8s\/a\.yaml:1 is no Kubernetes object$/]],
    ['a: 1\na: 2\n', [/^k8s\/a\.yaml:2 Map keys must be unique/]],
    ['__proto__: {}\n', [/__proto__ cannot be a key/]],
    [
      'kind: Service\nmetadata:\n  labels: { version: 1 }\n',
      [
        /:1 apiVersion: is missing$/,
        /:3 metadata\.name: is missing$/,
        /:3 metadata\.labels\.version: must be text: put it in quotes$/,
      ],
    ],
    ['apiVersion: v1\nkind: Pod\nmetadata: { generateName: a- }\n', [/:3 metadata\.name: is missing$/]],
  ])('with mistakes are said to have them: %j', (text, wanted) => {
    const { objects: found, problems } = parse(text);
    expect(found).toEqual([]);
    expect(problems.map(({ at, message }) => `${at} ${message}`)).toEqual(
      wanted.map((pattern) => expect.stringMatching(pattern)),
    );
  });

  it('that a tool rendered have no lines of their own', () => {
    const { problems } = parseManifests({ name: 'k8s (kustomize)', text: '- 1', rendered: true });
    expect(problems).toEqual([{ at: 'k8s (kustomize)', message: 'is no Kubernetes object' }]);
  });
});
