import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { deploymentTrouble } from '../cluster/wait-ready.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { pause } from '../run/wait-until.ts';
import { ISTIO_NAMESPACE } from './manifests/names.ts';
import type { IstioOperator } from './manifests/operator.ts';

/** How istioctl is called for one lab. */
export interface Istioctl {
  readonly runner: ProcessRunner;
  /** Absolute path of the istioctl program. */
  readonly program: string;
  readonly kubeconfig: string;
}

const READINESS_SECONDS = 240;

/**
 * Installs or updates Istio; the operator goes in on stdin, so that no file is left anywhere. Idempotent.
 * Returns when istiod's Deployment is available; its webhooks may still need a moment
 * ({@link waitForMeshWebhooks}).
 * @throws MeshdevError COMMAND_FAILED naming what istiod's pod was last seen to lack, INTERRUPTED
 */
export async function installIstio(
  istioctl: Istioctl,
  cluster: Cluster,
  operator: IstioOperator,
  run: RunScope,
): Promise<void> {
  const ended = new AbortController();
  const watch = watchIstiod(cluster, { ...run, signal: AbortSignal.any([run.signal, ended.signal]) });
  try {
    await runInstall(istioctl, operator, run);
  } catch (error) {
    ended.abort();
    throw withLastSeen(error, await watch);
  } finally {
    ended.abort();
    await watch;
  }
}

async function runInstall(
  { runner, program, kubeconfig }: Istioctl,
  operator: IstioOperator,
  run: RunScope,
): Promise<void> {
  const args = [
    'install',
    '-y',
    '-f',
    '-',
    '--kubeconfig',
    kubeconfig,
    '--readiness-timeout',
    `${READINESS_SECONDS}s`,
  ];
  await runner.run(program, args, {
    stdin: stringify(operator, { aliasDuplicateObjects: false }),
    onLine: (line) => reportLine(line, run),
    // It caches what the API serves by host and port for hours below HOME: another lab may get that port.
    env: { HOME: dirname(kubeconfig) },
    signal: run.signal,
  });
}

/** istioctl waits without a word; the pod knows why. Resolves with what was last seen. */
async function watchIstiod(cluster: Cluster, { signal, progress }: RunScope): Promise<string | undefined> {
  let last: string | undefined;
  while (!signal.aborted) {
    const seen = await deploymentTrouble(
      cluster,
      { namespace: ISTIO_NAMESPACE, name: 'istiod' },
      signal,
    ).catch(() => last);
    if (seen !== undefined && seen !== last && !signal.aborted) progress(seen);
    last = seen ?? last;
    await pause(1_000, signal);
  }
  return last;
}

function withLastSeen(error: unknown, seen: string | undefined): unknown {
  if (!(error instanceof MeshdevError) || error.code === 'INTERRUPTED' || seen === undefined) return error;
  return new MeshdevError(error.code, {
    message: `${error.message} (last state of istiod: ${seen})`,
    remedies: ['meshdev up'],
    details: error.details,
    cause: error,
  });
}

/** `✔ Istiod installed 🧠` → `Istiod installed`; the banner and blank lines say nothing. */
function reportLine(line: string, { progress }: RunScope): void {
  const text = line.replaceAll(/\p{Extended_Pictographic}|\uFE0F|[✔✘]/gu, '').trim();
  if (/^(- )?[A-Z][a-z]/.test(text)) progress(text.replace(/^- /, ''));
}
