import { describe, expect, it } from 'vitest';
import { forKubectl, readsStdin, refuseHostWords } from '../../../src/cli/kubectl-line.ts';

const words = (line: string): readonly string[] => line.split(' ');

describe('what is kubectl’s and what is ours', () => {
  it.each([
    ['kubectl get pods -A', 'kubectl -- get pods -A'],
    ['kubectl -n apps get pods', 'kubectl -- -n apps get pods'],
    ['kubectl --name blue get pods', 'kubectl --name blue -- get pods'],
    [
      'kubectl --name=blue --config lab.yaml -n apps get',
      'kubectl --name=blue --config lab.yaml -- -n apps get',
    ],
    ['kubectl expose deploy/a --name b', 'kubectl -- expose deploy/a --name b'],
    ['kubectl get --help', 'kubectl -- get --help'],
    ['kubectl exec deploy/a -- ls -l', 'kubectl -- exec deploy/a -- ls -l'],
    ['kubectl -- get pods', 'kubectl -- get pods'],
    ['kubectl', 'kubectl --'],
    ['kubectl --name', 'kubectl --name --'],
    ['kubectl --help', 'kubectl --help'],
    ['up --yes', 'up --yes'],
  ])('%s', (line, wanted) => {
    expect(forKubectl(words(line)).join(' ')).toBe(wanted);
  });
});

describe('whether stdin is read', () => {
  it.each([
    'apply -f -',
    'apply -f-',
    'apply --filename -',
    'apply --filename=-',
    'exec -i deploy/a -- cat',
    'exec -it deploy/a -- sh',
    'create secret generic a --from-file=b=/dev/stdin',
  ])('%s: yes', (line) => {
    expect(readsStdin(words(line))).toBe(true);
  });

  it.each(['get pods', 'logs -f deploy/a', 'exec deploy/a -- tar -x -f -', 'apply -f https://a.test/b.yaml'])(
    '%s: no',
    (line) => {
      expect(readsStdin(words(line))).toBe(false);
    },
  );
});

describe('what the node has nothing of', () => {
  const isHere = (path: string): boolean => ['pod.yaml', 'dir', 'deploy/a'].includes(path);

  it.each([
    ['apply -f pod.yaml', 'meshdev kubectl apply -f - < pod.yaml'],
    ['apply --filename=pod.yaml -n apps', 'meshdev kubectl apply --filename=- -n apps < pod.yaml'],
    ['-n apps replace -f pod.yaml', 'meshdev kubectl -n apps replace -f - < pod.yaml'],
  ])('%s: a file of this machine is refused, with what works', (line, remedy) => {
    expect(() => refuseHostWords(words(line), isHere)).toThrow(
      expect.objectContaining({ code: 'USAGE', remedies: [remedy] }),
    );
  });

  it.each(['port-forward svc/a 8080:80', '-n apps edit deploy a', 'cp a:/b c', '--v 6 proxy'])(
    '%s: refused',
    (line) => {
      expect(() => refuseHostWords(words(line), isHere)).toThrow(
        /in the node: it .*, and the node has no access to this machine/,
      );
    },
  );

  it.each([
    'apply -f -',
    'apply -f /in/the/node.yaml',
    'apply -f https://a.test/b.yaml',
    'logs -f deploy/a',
    'get pods edit',
    'exec deploy/a -- cp -f pod.yaml b',
  ])('%s: passes', (line) => {
    expect(() => refuseHostWords(words(line), isHere)).not.toThrow();
  });
});
