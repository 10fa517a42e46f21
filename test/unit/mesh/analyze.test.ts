import { expect, it } from 'vitest';
import { judgeAnalysis } from '../../../src/checks/analysis.ts';
import { analyzeMesh } from '../../../src/mesh/analyze.ts';
import { DEFAULT_NAMESPACE, isInjectionDecided } from '../../../src/mesh/manifests/namespaces.ts';
import type { CommandResult, ProcessRunner } from '../../../src/ports/process-runner.ts';

const { signal } = new AbortController();

function ask(answer: Partial<CommandResult>) {
  const asked: (readonly string[])[] = [];
  const runner: ProcessRunner = {
    find: async () => undefined,
    run: async (command, args) => {
      asked.push([command, ...args]);
      return { exitCode: 0, stdout: '', stderr: '', ...answer };
    },
  };
  return { asked, said: analyzeMesh({ runner, program: '/i', kubeconfig: '/lab/kubeconfig' }, signal) };
}

it('asks about all namespaces, of this lab alone', async () => {
  const { asked, said } = ask({ stdout: '[]' });
  expect(await said).toEqual([]);
  expect(asked).toEqual([
    ['/i', 'analyze', '--all-namespaces', '--output', 'json', '--kubeconfig', '/lab/kubeconfig'],
  ]);
});

it('takes a report for one, whatever code it ended with', async () => {
  const message = { code: 'IST0101', level: 'Error', message: 'no such host', origin: 'Gateway a/b' };
  const { said } = ask({ exitCode: 79, stdout: JSON.stringify([{ ...message, documentationUrl: 'u' }]) });
  expect(await said).toMatchObject([message]);
});

it.each([
  { exitCode: 1, stderr: 'Error: no configuration has been provided' },
  { exitCode: 0, stdout: 'No validation issues found' },
  { exitCode: 0, stdout: '{}' },
])('takes nothing else for a report: %o', async (answer) => {
  await expect(ask(answer).said).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: expect.stringContaining(answer.stderr ?? answer.stdout),
  });
});

it('is left out where istioctl is not there', () => {
  expect(judgeAnalysis({ kind: 'no-istioctl', because: '/lab/istioctl leads nowhere' })).toEqual({
    kind: 'skip',
    because: 'the istioctl that created this lab does not exist: /lab/istioctl leads nowhere',
  });
});

it.each([
  [{}, false],
  [{ 'kubernetes.io/metadata.name': 'default' }, false],
  [{ 'istio-injection': 'enabled' }, true],
  [{ 'istio.io/rev': 'default' }, true],
])('the labels %o of the namespace default are a decision: %s', (labels, decided) => {
  expect(isInjectionDecided({ ...DEFAULT_NAMESPACE, metadata: { name: 'default', labels } })).toBe(decided);
});
