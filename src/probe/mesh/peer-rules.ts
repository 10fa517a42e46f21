import { selectorText } from '../../topology/labels.ts';
import { z } from 'zod';
import type { PeerRule } from '../../evidence/components.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** Every PeerAuthentication of the cluster that asks for less than STRICT. */
export async function collectPeerRules({
  context: { cluster },
  signal,
}: Needs<'context' | 'signal'>): Promise<readonly PeerRule[]> {
  const kind = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' };
  return (await cluster.list(kind, signal)).flatMap(peerRule);
}

const mode = z.object({ mode: z.string().default('UNSET') });
const ruleShape = z.object({
  selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }).optional(),
  mtls: mode.default({ mode: 'UNSET' }),
  portLevelMtls: z.record(z.string(), mode).default({}),
});

/** UNSET takes what the level above says, which is judged there. */
const ENOUGH: ReadonlySet<string> = new Set(['STRICT', 'UNSET']);

/** Pure. */
export function peerRule(object: KubeObject): readonly PeerRule[] {
  const { selector, mtls, portLevelMtls } = readAnswer(
    ruleShape,
    object['spec'] ?? {},
    `reading PeerAuthentication ${object.metadata.name}`,
  );
  const { namespace = '', name } = object.metadata;
  const asks = [
    ...(ENOUGH.has(mtls.mode) ? [] : [mtls.mode]),
    ...Object.entries(portLevelMtls).flatMap(([port, one]) =>
      ENOUGH.has(one.mode) ? [] : [`${one.mode} on ${port}`],
    ),
  ];
  if (asks.length === 0) return [];
  return [
    { name: `${namespace}/${name}`, level: levelOf(namespace, selector?.matchLabels), asks: asks.join(', ') },
  ];
}

function levelOf(namespace: string, labels: Readonly<Record<string, string>> | undefined): string {
  if (labels !== undefined) return `workload ${selectorText(labels)}`;
  return namespace === ISTIO_NAMESPACE ? 'mesh' : `namespace ${namespace}`;
}
