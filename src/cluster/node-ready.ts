import type { Cluster, KubeObject } from '../ports/cluster.ts';
import { waitUntil, type Look } from '../run/wait-until.ts';
import type { RunScope } from '../run/run-scope.ts';
import { conditionOf } from './status.ts';

/** A kind node is ready some seconds after kubeadm; two minutes mean that something is wrong. */
const PATIENCE_MS = 120_000;

/** Waits for the API server and for every node. CoreDNS is not awaited: Istio's installation overlaps it. */
export async function waitForNodes(cluster: Cluster, { signal, progress }: RunScope): Promise<void> {
  await waitUntil(() => lookAtNodes(cluster, signal), {
    what: 'the nodes to become ready',
    timeoutMs: PATIENCE_MS,
    onSeen: progress,
    signal,
    remedies: ['meshdev down', 'meshdev up'],
  });
}

async function lookAtNodes(cluster: Cluster, signal: AbortSignal): Promise<Look<true>> {
  if (!(await cluster.ready(signal))) return { seen: 'the API server is not ready' };
  const nodes = await cluster.list({ apiVersion: 'v1', kind: 'Node' }, signal);
  const waiting = nodes.filter((node) => conditionOf(node, 'Ready')?.status !== 'True');
  if (nodes.length === 0) return { seen: 'no node has registered' };
  return waiting.length === 0 ? { done: true } : { seen: waiting.map(nodeReason).join(' · ') };
}

function nodeReason(node: KubeObject): string {
  return `node ${node.metadata.name}: ${conditionOf(node, 'Ready')?.message ?? 'no status yet'}`;
}

/** kubeadm's join token is the same in every kind cluster, so it goes as soon as the nodes are in. */
const BOOTSTRAP_TOKEN = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'kube-system',
  name: 'bootstrap-token-abcdef',
};

export async function removeBootstrapToken(cluster: Cluster, signal: AbortSignal): Promise<void> {
  await cluster.remove([BOOTSTRAP_TOKEN], signal);
}
