import { describe, expect, it } from 'vitest';
import { repeatFlags } from '../../../src/cli/remedies.ts';

const UP = ['up', '--name', 'blue', '--https-port', '18443'];

describe('a remedy repeats the flags of the command line', () => {
  it.for([
    ['meshdev up --yes', UP, 'meshdev up --name blue --https-port 18443 --yes'],
    ['XDG_CACHE_HOME=/x meshdev up', UP, 'XDG_CACHE_HOME=/x meshdev up --name blue --https-port 18443'],
    ['meshdev down', UP, 'meshdev down --name blue'],
    ['meshdev token alice', ['token', 'x', '-nblue'], 'meshdev token --name blue alice'],
    ['meshdev up', ['up', '--name=blue', '--domain=a.test'], 'meshdev up --name blue --domain a.test'],
    ['meshdev up', ['up', '-n', 'blue', '--name', 'green'], 'meshdev up --name green'],
    ['meshdev up', ['up', '--config', 'lab.yaml'], 'meshdev up --config lab.yaml'],
    ['meshdev up', ['up', '--bundle', 'lab.bundle'], 'meshdev up --bundle lab.bundle'],
    ['meshdev up', ['kubectl', '--name', 'blue', '-n', 'apps', 'get'], 'meshdev up --name blue'],
    [
      'meshdev kubectl -n apps apply -f - < a.yaml',
      ['kubectl', '--name', 'blue', '-n', 'apps', 'apply', '-f', 'a.yaml'],
      'meshdev kubectl --name blue -n apps apply -f - < a.yaml',
    ],
  ] as const)('%s', ([remedy, argv, wanted]) => {
    expect(repeatFlags([remedy], argv)).toEqual([wanted]);
  });

  it.for([
    ['meshdev up --https-port 8443', ['up', '--https-port', '443']],
    ['meshdev up --name another', ['up', '--name', 'blue']],
    ['meshdev up', ['up', '--yes']],
    ['meshdev up --help', UP],
    ['meshdev engine start', UP],
    ['docker rm meshdev-blue', UP],
    ['meshdev up', ['up', '--name']],
    ['meshdev up', ['kubectl', '-n', 'apps', 'get', 'pods']],
    ['meshdev status -n blue', ['-n', 'blue', 'status']],
    ['meshdev up --image-source registry', ['up', '--bundle', 'lab.bundle']],
    ['meshdev up --bundle FILE', ['up', '--image-source', 'bundle']],
  ] as const)('but changes nothing in %s', ([remedy, argv]) => {
    expect(repeatFlags([remedy], argv)).toEqual([remedy]);
  });
});
