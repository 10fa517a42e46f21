import type { Analysis } from '../../evidence/analysis.ts';
import { hasIstioctl } from '../../lab/lab-istioctl.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { analyzeMesh } from '../../mesh/analyze.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../../mesh/manifests/mesh-objects.ts';
import { DEFAULT_NAMESPACE } from '../../mesh/manifests/namespaces.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { Needs } from '../probe-context.ts';

/** Asks the istioctl that the lab was made with; nothing is built or fetched for it. */
export async function collectAnalysis({
  context,
  keys,
  signal,
}: Needs<'context' | 'keys' | 'signal'>): Promise<Analysis> {
  const { runner, files, lab } = context;
  const { istioctl: program, kubeconfig } = files;
  if (!(await hasIstioctl(program)))
    return { kind: 'no-istioctl', because: `${program} refers to a file that does not exist` };
  const messages = await analyzeMesh({ runner, program, kubeconfig }, signal);
  const material = meshMaterial(keys);
  const planned = new Set(
    [
      ...foundationObjects(lab, material),
      ...ruleObjects(lab),
      ...workloadObjects(lab, material),
      DEFAULT_NAMESPACE,
    ].map(originOf),
  );
  return {
    kind: 'analysed',
    messages: messages
      .filter(({ origin }) => !DECOY.test(origin))
      .map((message) => ({ ...message, planned: planned.has(message.origin) })),
  };
}

/** What this check, or one beside it, has made for the moment. */
const DECOY = /\/twin-[0-9a-f]{8}$/;

/** As istioctl names an object. */
function originOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
