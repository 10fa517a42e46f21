import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { inotifyInstances } from '../host/inotify.ts';
import { ENOUGH_INOTIFY } from '../host/judges/inotify-limits.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { pause, waitUntil, type Look } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import { kindConfig, type KindTemplate, parseKindTemplate, type NodeNeeds } from './kind-config.ts';

/** How kind is called for one lab. */
export interface Kind {
  readonly runner: ProcessRunner;
  /** Absolute path of the kind program. */
  readonly program: string;
  /** Points kind's docker CLI to the engine that meshdev uses. */
  readonly engineEnv: Readonly<Record<string, string>>;
  /** The lab's own kubeconfig; kind makes it with mode 0600. */
  readonly kubeconfig: string;
}

export interface ClusterSpec {
  readonly lab: Lab;
  readonly nodeImage: string;
  /** Directory with the templates single-node.yaml and multi-node.yaml. */
  readonly configDir: string;
  readonly layout: 'single-node' | 'multi-node';
  readonly needs: NodeNeeds;
}

/**
 * Creates the cluster anew on the lab's network, which must exist (kind would make one with IPv6, and
 * pods have no IPv6 route); nodes of that name are removed first. Does not wait for the node: the
 * control plane answers when this returns. A half-made cluster cannot be continued: when kind fails or
 * is stopped, what it made is removed.
 * @throws MeshdevError COMMAND_FAILED with the last lines of kind, INTERRUPTED.
 */
export async function createCluster(kind: Kind, spec: ClusterSpec, run: RunScope): Promise<void> {
  const config = await renderKindConfig(spec);
  await deleteCluster(kind, spec.lab, run.signal);
  const args = ['create', 'cluster', '--config', '-', '--image', spec.nodeImage, '--wait', '0s'];
  try {
    await kind.runner.run(kind.program, [...args, ...clusterArgs(kind, spec.lab)], {
      env: kindEnvironment(kind, spec.lab),
      stdin: config,
      onLine: (line) => reportLine(line, run),
      signal: run.signal,
    });
  } catch (error) {
    if (!run.signal.aborted) throw explainKindFailure(error, await inotifyInstances());
    await cleanUp(kind, spec.lab);
    throw error;
  }
}

/** Pure: where a node has too few inotify instances it ends at once, and kind only sees that it is gone. */
export function explainKindFailure(error: unknown, instances: number | undefined): unknown {
  const enough = instances === undefined || instances >= ENOUGH_INOTIFY;
  if (enough || !(error instanceof MeshdevError)) return error;
  return new MeshdevError(error.code, {
    message: `${error.message}\nthis machine allows ${instances} inotify instances for all nodes, and each node uses about a hundred`,
    remedies: ['sysctl -w fs.inotify.max_user_instances=1024', ...error.remedies],
    cause: error,
  });
}

/** A container that the engine was just asked for shows up within this time. */
const IN_FLIGHT_MS = 1_000;
const CLEAN_UP_MS = 10_000;

/** Best effort: whatever remains, the next creation or deletion removes. */
async function cleanUp(kind: Kind, lab: Lab): Promise<void> {
  const signal = AbortSignal.timeout(CLEAN_UP_MS);
  await pause(IN_FLIGHT_MS, signal);
  await deleteCluster(kind, lab, signal).catch(() => undefined);
}

/** The YAML that kind is given. */
export async function renderKindConfig(spec: Omit<ClusterSpec, 'nodeImage'>): Promise<string> {
  return stringify(await kindConfigOf(spec), { aliasDuplicateObjects: false });
}

/** What kind is asked for: the template of the layout with what the lab and its host need. */
export async function kindConfigOf({
  lab,
  configDir,
  layout,
  needs,
}: Omit<ClusterSpec, 'nodeImage'>): Promise<KindTemplate> {
  const template = parseKindTemplate(parse(await readFile(join(configDir, `${layout}.yaml`), 'utf8')));
  return kindConfig(lab, template, needs);
}

/**
 * Removes the nodes and the lab's entries of its kubeconfig; a cluster that is not there is no error.
 * A stopped creation may still have a `docker run` in flight, which the engine cannot remove yet
 * although it says so: this asks again until the nodes are gone.
 */
export async function deleteCluster(kind: Kind, lab: Lab, signal: AbortSignal): Promise<void> {
  const options = { env: kindEnvironment(kind, lab), signal };
  const remove = async (): Promise<Look<true>> => {
    const nodes = await kind.runner.run(kind.program, ['get', 'nodes', '--name', lab.cluster.name], options);
    if (nodes.stdout.trim() === '') return { done: true };
    await kind.runner.run(kind.program, ['delete', 'cluster', ...clusterArgs(kind, lab)], options);
    return { seen: `still present: ${nodes.stdout.trim()}` };
  };
  await waitUntil(remove, {
    what: `the nodes of ${lab.cluster.name} to be removed`,
    timeoutMs: 60_000,
    intervalMs: 200,
    signal,
  });
}

function clusterArgs({ kubeconfig }: Kind, { cluster }: Lab): readonly string[] {
  return ['--name', cluster.name, '--kubeconfig', kubeconfig];
}

function kindEnvironment(kind: Kind, lab: Lab): Record<string, string> {
  return { ...kind.engineEnv, KIND_EXPERIMENTAL_DOCKER_NETWORK: lab.network };
}

/** ` • Starting control-plane 🕹️  ...` → `Starting control-plane` */
function reportLine(line: string, { progress }: RunScope): void {
  const action = /^ [•✓✗] (.+?)\s*(?:\p{Extended_Pictographic}.*)?(?:\s*\.\.\.)?$/u.exec(line)?.[1];
  if (action !== undefined) progress(action);
}
