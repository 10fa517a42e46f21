import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kind, createCluster } from '../../cluster/kind.ts';
import { publishDnsEarly } from '../../cluster/early-dns.ts';
import { movedNode, stopIfMoved } from '../../cluster/node-address.ts';
import { removeBootstrapToken, waitForNodes } from '../../cluster/node-ready.ts';
import { engineEnvironment } from '../../engine/endpoint.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { loadIntoNode, missingInNode } from '../../images/node-load.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { wakeContainer } from '../../engine/wake-container.ts';
import { endLeftovers } from '../leftover-proxies.ts';
import { readLabRecord } from '../../lab/lab-record.ts';
import type { StepRun } from '../../run/step.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Lab } from '../../topology/lab.ts';
import { compareNode, refuseForeign } from './compare-node.ts';
import { ENGINE_DOWN, type Part } from './part.ts';
import { nodeNeeds } from '../../lab/node-needs.ts';

export const clusterPart: Part = {
  observe: async ({ context, reached, survey, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    const { lab } = context;
    const node = await reached.engine.containers.inspect(lab.cluster.node, signal);
    const seen = compareNode(node, lab, {
      image: survey.images.node,
      kubeconfig: await exists(context.files.kubeconfig),
      settled: (await readLabRecord(context.files.record))?.settled === true,
    });
    if (seen.state !== 'same') return seen;
    const moved = await movedNode(reached.engine, lab, signal);
    if (moved !== undefined) return moved;
    const ready = await context.cluster.ready(signal).catch(() => false);
    if (!ready)
      return { state: 'stopped', seen: `node ${lab.cluster.node} runs, but its API server does not answer` };
    // A run that was stopped leaves a node that answers and lacks what its pods need.
    const missing = await missingInNode(reached.engine, lab.cluster.node, survey.inCluster, signal);
    return missing.length === 0 ? seen : { state: 'stopped', seen: missing.join(' · ') };
  },
  apply: async (context, run) => {
    await endLeftovers(context, run);
    if (run.decision.action === 'start' && (await revive(context, run))) return;
    await recreate(context, run);
  },
};

/** A stopped node comes back with its cluster; one that does not is made anew, unless the command keeps what there is. */
async function revive(context: LabContext, run: StepRun): Promise<boolean> {
  const engine = await context.engine(run.signal);
  await stopIfMoved(engine, context.lab, run.signal);
  await wakeContainer(engine.containers, context.lab.cluster.node, run.signal);
  try {
    await waitForNodes(context.cluster, run);
    await fillNode(context, run);
    return true;
  } catch (error) {
    const silent = error instanceof MeshdevError && error.code === 'TIMED_OUT';
    if (silent && run.decision.keeps !== true) return false;
    throw error;
  }
}

async function recreate(context: LabContext, run: RunScope): Promise<void> {
  const { lab } = context;
  const { images, tools } = await context.provide(run);
  const reached = await context.engine(run.signal);
  await removeNode(reached, lab, run.signal);
  const kind: Kind = {
    runner: context.runner,
    program: tools.kind,
    engineEnv: engineEnvironment(reached.endpoint),
    kubeconfig: context.files.kubeconfig,
  };
  const configDir = join(context.packageDir, 'kind-config');
  await createCluster(
    kind,
    {
      lab,
      nodeImage: images.node,
      configDir,
      layout: 'single-node',
      needs: await nodeNeeds(context, run.signal),
    },
    run,
  );
  await publishDnsEarly(context.cluster, run.signal);
  await fillNode(context, run);
  await waitForNodes(context.cluster, run);
  await removeBootstrapToken(context.cluster, run.signal);
}

/**
 * Looks again whose it is: where no engine answered when the plan was made, nobody has seen that.
 * @throws MeshdevError LAB_FOREIGN
 */
export async function removeNode(engine: ContainerEngine, lab: Lab, signal: AbortSignal): Promise<void> {
  const node = await engine.containers.inspect(lab.cluster.node, signal);
  if (node === undefined) return;
  refuseForeign(node, lab);
  await engine.containers.remove(node.name, signal);
}

/** Sends the images that the node image does not carry. */
async function fillNode(context: LabContext, run: RunScope): Promise<void> {
  const { inCluster } = await context.provide(run);
  if (inCluster === undefined) return;
  await loadIntoNode(await context.engine(run.signal), context.lab.cluster.node, inCluster, run);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
