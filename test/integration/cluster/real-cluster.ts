import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { createDockerodeEngine } from '../../../src/adapters/dockerode-engine.ts';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';
import { createKubernetesCluster } from '../../../src/adapters/kubernetes-cluster.ts';
import { createCluster, deleteCluster, type ClusterSpec, type Kind } from '../../../src/cluster/kind.ts';
import { removeBootstrapToken, waitForNodes } from '../../../src/cluster/node-ready.ts';
import { readyPod } from '../../../src/cluster/pods.ts';
import { waitForDeployments } from '../../../src/cluster/wait-ready.ts';
import { RUNTIME_NAME } from '../../../src/engine/engine-files.ts';
import { engineEnvironment, socketEndpoint } from '../../../src/engine/endpoint.ts';
import { createPackagesSource } from '../../../src/images/packages/source.ts';
import { meshMaterial } from '../../../src/lab/mesh-material.ts';
import type { MeshMaterial } from '../../../src/mesh/manifests/material.ts';
import { istioOperator, type IstioOperator } from '../../../src/mesh/manifests/operator.ts';
import type { Istioctl } from '../../../src/mesh/install-istio.ts';
import type { Cluster, KubeObject } from '../../../src/ports/cluster.ts';
import type { ContainerEngine } from '../../../src/ports/container-engine.ts';
import type { Provided } from '../../../src/ports/image-source.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { createLab, type Lab, type WorkloadName } from '../../../src/topology/lab.ts';
import { labelsOf } from '../../../src/topology/labels.ts';
import { freshKeys } from '../../support/lab-keys.ts';

const root = join(import.meta.dirname, '../../..');
const runner = createExecaRunner(env);

/** A kind cluster of its own, of the images that labs are made of; gone with everything at the end. */
export interface RealCluster extends AsyncDisposable {
  readonly lab: Lab;
  readonly engine: ContainerEngine;
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  readonly material: MeshMaterial;
  readonly operator: IstioOperator;
  readonly istioctl: Istioctl;
  readonly said: readonly string[];
  readonly run: RunScope;
}

/** Everything that a creation needs, nothing created yet but the network. */
export interface Ground extends AsyncDisposable {
  readonly lab: Lab;
  readonly engine: ContainerEngine;
  readonly kind: Kind;
  readonly spec: ClusterSpec;
  readonly provided: Provided;
}

export async function prepareGround(name: string, run: RunScope): Promise<Ground> {
  const lab = createLab({ name, domain: 'mesh.localhost', httpsPort: 443 });
  const endpoint = socketEndpoint('/var/run/docker.sock');
  const engine = createDockerodeEngine(endpoint);
  const provided = await imagesOf(run);
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-cluster-'));
  const kubeconfig = join(dir, 'kubeconfig');
  const engineEnv = engineEnvironment(endpoint);
  const kind: Kind = { runner, program: provided.tools.kind, engineEnv, kubeconfig };
  await engine.networks.ensure(
    { name: lab.network, labels: labelsOf(lab.name, 'network'), ipv6: false },
    run.signal,
  );
  const info = await engine.info(run.signal);
  const spec: ClusterSpec = {
    lab,
    nodeImage: provided.images.node,
    configDir: join(root, 'kind-config'),
    layout: 'single-node',
    needs: {
      cgroupV1: info.cgroupVersion === '1',
      restrictedHost: info.defaultRuntime === RUNTIME_NAME,
      ownCni: true,
    },
  };
  const dispose = async (): Promise<void> => {
    const late = AbortSignal.timeout(60_000);
    await deleteCluster(kind, lab, late);
    await engine.networks.remove(lab.network, late);
    await rm(dir, { recursive: true, force: true });
  };
  return { lab, engine, kind, spec, provided, [Symbol.asyncDispose]: dispose };
}

export async function startRealCluster(name: string, signal: AbortSignal): Promise<RealCluster> {
  const said: string[] = [];
  const run: RunScope = { signal, progress: (message) => void said.push(message) };
  await using stack = new AsyncDisposableStack();
  const { kind, lab, spec, engine, provided } = stack.use(await prepareGround(name, run));
  const cluster = createKubernetesCluster(kind.kubeconfig);
  await createCluster(kind, spec, run);
  await waitForNodes(cluster, run);
  await removeBootstrapToken(cluster, signal);
  const material = meshMaterial(await freshKeys(lab));
  const operator = istioOperator(lab, material, 'upstream');
  const istioctl = { runner, program: provided.tools.istioctl, kubeconfig: kind.kubeconfig };
  const kept = stack.move();
  return {
    lab,
    engine,
    cluster,
    kubeconfig: kind.kubeconfig,
    material,
    operator,
    istioctl,
    said,
    run,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function imagesOf(run: RunScope): Promise<Provided> {
  const source = createPackagesSource({
    runner,
    cacheDir: join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshdev'),
    templatesDir: join(root, 'templates'),
    distDir: join(root, 'dist'),
    dockerHost: 'unix:///var/run/docker.sock',
  });
  return source.provide(run);
}

export async function podOfWorkload(
  { lab, cluster }: RealCluster,
  workload: WorkloadName,
  signal: AbortSignal,
) {
  const { namespace, serviceAccount } = lab.workloads[workload];
  const { metadata } = await readyPod(cluster, { namespace, labels: labelsOf(lab.name, workload) }, signal);
  return { namespace, serviceAccount, pod: metadata.name };
}

/** Until every Deployment among the objects is rolled out. */
export async function waitUntilReady(
  { cluster, run }: RealCluster,
  objects: readonly KubeObject[],
): Promise<void> {
  const names = objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? '' }));
  await waitForDeployments(cluster, names, { ...run, timeoutMs: 100_000 });
}

/** By another hand than ours: the node's own. */
export async function kubectl(
  { istioctl, lab, run }: RealCluster,
  ...argv: readonly string[]
): Promise<void> {
  const inNode = ['exec', lab.cluster.node, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  await istioctl.runner.run('docker', [...inNode, ...argv], { signal: run.signal });
}

/** A plain GET from inside a pod: prints the status, or the code of the error. */
export function fetchArgv(url: string): readonly string[] {
  const code = `fetch(${JSON.stringify(url)}).then((r) => console.log(r.status), (e) => console.log(e.cause?.code))`;
  return ['node', '-e', code];
}

export function findObject(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}
