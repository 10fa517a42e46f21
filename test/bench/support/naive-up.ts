import { stringify } from 'yaml';
import { renderKindConfig } from '../../../src/cluster/kind.ts';
import { applyKeys } from '../../../src/keys/apply-keys.ts';
import { observeKeys } from '../../../src/keys/observe-keys.ts';
import { planKeys } from '../../../src/keys/plan-keys.ts';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import type { ContainerPlan } from '../../../src/engine/container-plan.ts';
import type { LabContext } from '../../../src/lab/lab-context.ts';
import { meshMaterial } from '../../../src/lab/mesh-material.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import type { Provided } from '../../../src/ports/image-source.ts';
import { nodeNeeds } from '../../../src/lab/node-needs.ts';
import { edgePlan } from '../../../src/up/steps/edge.ts';
import { idpPlan } from '../../../src/up/steps/idp.ts';
import { operatorFor } from '../../../src/up/steps/mesh.ts';
import { dockerRunArguments } from './docker-run.ts';
import { firstRequest, waitForIssuer } from './first-request.ts';
import { measured, type Phase } from './measure.ts';
import { run } from './run.ts';

interface Naive {
  readonly context: LabContext;
  readonly provided: Provided;
  /** For what is mounted into the containers. */
  readonly dir: string;
  readonly signal: AbortSignal;
}

/**
 * What one would write into a shell script: the same images, programs, configuration and objects as
 * `meshdev up`, one command after the other, each waited for with its own means, until one verified
 * request has passed the whole chain. The provider and the edge come first: istiod fetches the key set
 * when it first sees the rules.
 */
export async function naiveUp(naive: Naive): Promise<readonly Phase[]> {
  const phases: Phase[] = [];
  const step = <T>(name: string, work: () => Promise<T>): Promise<T> => measured(phases, name, work);
  const keys = await step('keys', () => makeKeys(naive));
  await step('networks', () => createNetworks(naive));
  await step('docker run idp', () => startIdp(naive, keys));
  await step('docker run edge, wait', () => startEdge(naive, keys));
  await step('kind create --wait', () => createCluster(naive));
  await step('istioctl install', () => installMesh(naive, keys));
  await step('kubectl apply', () => applyObjects(naive, keys));
  await step('kubectl rollout status', () => waitForRollouts(naive, keys));
  await step('first verified request', () => firstRequest(naive.context, keys, naive.signal));
  return phases;
}

/** Removes what {@link naiveUp} may have made, from any half-made state. */
export async function naiveDown({
  context: { lab },
  signal,
}: Pick<Naive, 'context' | 'signal'>): Promise<void> {
  const { edge, idp } = lab.containers;
  const gone = (argv: readonly string[]): Promise<unknown> =>
    run('docker', argv, { signal }).catch(() => undefined);
  await gone(['rm', '--force', '--volumes', edge, idp, lab.cluster.node]);
  await gone(['network', 'rm', lab.network, lab.idpNetwork]);
}

async function makeKeys({ context, signal }: Naive): Promise<LabKeys> {
  const { lab, keyStore, authority } = context;
  const at = new Date();
  const plan = planKeys(lab, await observeKeys(keyStore), at.getTime());
  await applyKeys(plan, { lab, store: keyStore, authority, at, signal });
  return context.keys();
}

async function createNetworks(naive: Naive): Promise<void> {
  const { network, idpNetwork } = naive.context.lab;
  for (const name of [network, idpNetwork]) await docker(naive, ['network', 'create', name]);
}

async function startIdp(naive: Naive, keys: LabKeys): Promise<void> {
  await startContainer(naive, idpPlan(naive.context.lab, naive.provided.images.guest, keys));
}

/** `docker run` of this engine knows one network; the others are joined after it. */
async function startContainer(naive: Naive, plan: ContainerPlan): Promise<void> {
  await docker(naive, await dockerRunArguments(plan, naive.dir));
  for (const network of plan.alsoOn ?? [])
    await docker(naive, ['network', 'connect', network, plan.spec.name]);
}

async function startEdge(naive: Naive, keys: LabKeys): Promise<void> {
  const { lab } = naive.context;
  await startContainer(naive, edgePlan(lab, naive.provided.images.edge, keys));
  await waitForIssuer(naive.context, naive.signal);
}

async function createCluster({ context, provided, signal }: Naive): Promise<void> {
  const { lab, files } = context;
  const stdin = await renderKindConfig({
    lab,
    configDir: `${context.packageDir}/kind-config`,
    layout: 'single-node',
    needs: await nodeNeeds(context, signal),
  });
  const flags = [
    '--name',
    lab.cluster.name,
    '--image',
    provided.images.node,
    '--kubeconfig',
    files.kubeconfig,
  ];
  await run(provided.tools.kind, ['create', 'cluster', '--config', '-', '--wait', '120s', ...flags], {
    stdin,
    env: { KIND_EXPERIMENTAL_DOCKER_NETWORK: lab.network },
    signal,
  });
}

async function installMesh(naive: Naive, keys: LabKeys): Promise<void> {
  const { context, provided, signal } = naive;
  await apply(naive, foundationObjects(context.lab, meshMaterial(keys)));
  const operator = operatorFor(context.lab, keys, (await context.images(signal)).profile.envoy);
  await run(provided.tools.istioctl, ['install', '-y', '-f', '-', '--kubeconfig', context.files.kubeconfig], {
    stdin: stringify(operator, { aliasDuplicateObjects: false }),
    // As meshdev does: its cache of the API would be that of the last cluster on the same port.
    env: { HOME: naive.dir },
    signal,
  });
}

async function applyObjects(naive: Naive, keys: LabKeys): Promise<void> {
  const { lab } = naive.context;
  await apply(naive, [...ruleObjects(lab), ...workloadObjects(lab, meshMaterial(keys))]);
}

async function waitForRollouts(naive: Naive, keys: LabKeys): Promise<void> {
  const objects = workloadObjects(naive.context.lab, meshMaterial(keys));
  for (const { metadata } of objects.filter(({ kind }) => kind === 'Deployment')) {
    const what = ['rollout', 'status', `deployment/${metadata.name}`, '--timeout', '180s'];
    await kubectl(naive, [...what, '--namespace', metadata.namespace ?? 'default']);
  }
}

async function apply(naive: Naive, items: readonly KubeObject[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(naive, ['apply', '--server-side', '--filename', '-'], list);
}

/** The node image carries the kubectl of its cluster; this machine may have none. */
async function kubectl(naive: Naive, argv: readonly string[], stdin?: string): Promise<void> {
  const inNode = ['exec', '--interactive', naive.context.lab.cluster.node, 'kubectl'];
  await docker(naive, [...inNode, '--kubeconfig', '/etc/kubernetes/admin.conf', ...argv], stdin);
}

async function docker({ signal }: Naive, argv: readonly string[], stdin?: string): Promise<void> {
  await run('docker', argv, { signal, ...(stdin === undefined ? {} : { stdin }) });
}
