import { z } from 'zod';
import { readyPod } from '../../cluster/pods.ts';
import { ISTIOD_PODS } from '../../mesh/manifests/names.ts';
import type { ExecResult, KubeObject } from '../../ports/cluster.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** istiod's own container; its pod may carry others. */
export const ISTIOD_CONTAINER = 'discovery';
const EXEC_MS = 10_000;

type InCluster = Needs<'context' | 'signal'>;

/** @throws MeshdevError LAB_NOT_UP when no pod of istiod is ready */
export function istiodPod({ context, signal }: InCluster): Promise<KubeObject> {
  return readyPod(context.cluster, ISTIOD_PODS, signal);
}

const podShape = z.object({ status: z.object({ podIP: z.string() }) });

/** @throws MeshdevError LAB_NOT_UP */
export async function istiodAddress(probeContext: InCluster): Promise<string> {
  return readAnswer(podShape, await istiodPod(probeContext), 'reading the address of istiod').status.podIP;
}

/** Runs a program in istiod's container. @throws MeshdevError LAB_NOT_UP */
export async function execInIstiod(probeContext: InCluster, argv: readonly string[]): Promise<ExecResult> {
  const { metadata } = await istiodPod(probeContext);
  return probeContext.context.cluster.exec({
    namespace: ISTIOD_PODS.namespace,
    pod: metadata.name,
    container: ISTIOD_CONTAINER,
    argv,
    timeoutMs: EXEC_MS,
    signal: probeContext.signal,
  });
}
