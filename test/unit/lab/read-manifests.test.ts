import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read.ts';
import { readManifests } from '../../../src/lab/read-manifests.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { STOCK } from '../../support/manifests.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-manifests-'));
  await mkdir(join(dir, 'k8s/below'), { recursive: true });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const { signal } = new AbortController();

interface Machine {
  readonly programs: readonly string[];
  readonly answer?: { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
}

/** Programs that are on PATH; what is run is noted. */
function runnerWith({ programs, answer = { exitCode: 0, stdout: STOCK, stderr: '' } }: Machine) {
  const ran: (readonly string[])[] = [];
  const runner: ProcessRunner = {
    find: async (name) => (programs.includes(name) ? `/bin/${name}` : undefined),
    run: async (program, args) => {
      ran.push([program, ...args]);
      return answer;
    },
  };
  return { runner, ran };
}

const read = (manifests: string, runner = runnerWith({ programs: [] }).runner) =>
  readManifests(parseConfig('m.yaml', `services: { stock: { port: 80, manifests: ${manifests} } }`), {
    dir,
    runner,
    signal,
  });
const [SERVICE = '', ...OTHERS] = STOCK.split('---\n');

describe('reading manifests', () => {
  it('takes files and what is in directories, but not below them', async () => {
    await writeFile(join(dir, 'service.yaml'), SERVICE);
    await writeFile(join(dir, 'k8s/rest.yml'), OTHERS.join('---\n'));
    await writeFile(join(dir, 'k8s/notes.txt'), 'kind: [');
    await writeFile(join(dir, 'k8s/below/other.yaml'), 'kind: [');
    await writeFile(
      join(dir, 'k8s/map.json'),
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}',
    );
    const { facts, sets, problems } = await read('[./service.yaml, ./k8s]');
    expect(problems).toEqual([]);
    expect(facts.get('stock')).toMatchObject({ serviceAccount: 'keeper', targetPort: 8080 });
    expect(sets.get('stock')?.objects.map(({ kind }) => kind)).toEqual([
      'Service',
      'ConfigMap',
      'Deployment',
      'ServiceAccount',
    ]);
  });

  it('names mistakes by the path that meshdev.yaml has', async () => {
    await writeFile(join(dir, 'k8s/a.yaml'), STOCK.replace('port: 80,', 'port: 81,'));
    expect((await read('./k8s')).problems).toEqual([
      { service: 'stock', at: 'k8s/a.yaml:7', message: 'Service stock has no TCP port 80; it has: 81, 9090' },
    ]);
  });

  it('says which path is not there or empty, and guesses nothing from the others', async () => {
    await writeFile(join(dir, 'service.yaml'), SERVICE);
    const { facts, problems } = await read('[./service.yaml, ./gone.yaml, ./k8s]');
    expect(facts.size).toBe(0);
    expect(problems).toEqual([
      { service: 'stock', message: './gone.yaml does not exist' },
      { service: 'stock', message: './k8s has no file that ends with .yaml, .yml or .json' },
    ]);
  });

  it.each([
    [
      ['kubectl', 'kustomize'],
      ['/bin/kubectl', 'kustomize'],
    ],
    [['kustomize'], ['/bin/kustomize', 'build']],
  ])('renders a kustomize directory with a program of this machine: %j', async (programs, command) => {
    await writeFile(join(dir, 'k8s/kustomization.yaml'), 'resources: []');
    const { runner, ran } = runnerWith({ programs });
    const { facts, problems } = await read('./k8s', runner);
    expect(problems).toEqual([]);
    expect(facts.get('stock')?.targetPort).toBe(8080);
    expect(ran).toEqual([[...command, join(dir, 'k8s')]]);
  });

  it('says how to go on where there is no such program, and what one said that failed', async () => {
    await writeFile(join(dir, 'k8s/kustomization.yaml'), 'resources: [gone.yaml]');
    expect((await read('./k8s/')).problems).toEqual([
      {
        service: 'stock',
        message:
          './k8s/ is a kustomize directory, and neither kubectl nor kustomize is on PATH: install one of them, or run kubectl kustomize ./k8s/ > ./k8s.yaml elsewhere and name ./k8s.yaml',
      },
    ]);
    const answer = { exitCode: 1, stdout: '', stderr: 'warning\nerror: gone.yaml: no such file\n' };
    const { problems } = await read('./k8s', runnerWith({ programs: ['kubectl'], answer }).runner);
    expect(problems).toEqual([
      {
        service: 'stock',
        message: '/bin/kubectl kustomize ./k8s ended with exit code 1: error: gone.yaml: no such file',
      },
    ]);
  });
});
