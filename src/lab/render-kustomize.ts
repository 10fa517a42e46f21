import type { ManifestText } from '../config/manifests/parse-manifests.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';

const PATIENCE_MS = 60_000;

/** Files that make a directory one of kustomize. */
export const KUSTOMIZATIONS: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * What a kustomize directory comes to, by the kubectl or kustomize of this machine. That of the node is of no use: it
 * has neither the files, nor is it there at the first `up`.
 * @param shown the directory as meshdev.yaml names it
 * @returns what is wrong where it cannot be rendered
 */
export async function renderKustomize(
  runner: ProcessRunner,
  { directory, shown }: { readonly directory: string; readonly shown: string },
  signal: AbortSignal,
): Promise<ManifestText | { readonly problem: string }> {
  const [program, ...args] = (await commandOf(runner)) ?? [];
  const file = `${shown.replace(/\/+$/, '')}.yaml`;
  if (program === undefined)
    return {
      problem: `${shown} is a kustomize directory, and neither kubectl nor kustomize is on PATH: install one of them, or run kubectl kustomize ${shown} > ${file} elsewhere and name ${file}`,
    };
  const options = { allowFailure: true, timeoutMs: PATIENCE_MS, signal };
  const { exitCode, stdout, stderr } = await runner.run(program, [...args, directory], options);
  if (exitCode === 0) return { name: `${shown} (kustomize)`, text: stdout, rendered: true };
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return { problem: `${[program, ...args].join(' ')} ${shown} ended with exit code ${exitCode}: ${said}` };
}

async function commandOf(runner: ProcessRunner): Promise<readonly string[] | undefined> {
  const [kubectl, kustomize] = await Promise.all([runner.find('kubectl'), runner.find('kustomize')]);
  if (kubectl !== undefined) return [kubectl, 'kustomize'];
  return kustomize === undefined ? undefined : [kustomize, 'build'];
}
