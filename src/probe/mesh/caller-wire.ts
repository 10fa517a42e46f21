import { INTERNAL_ID } from '../../sample/names.ts';
import type { CallerWire } from '../../evidence/wires.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { parseEcho } from '../requests/to-traced-request.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

/** A call from one workload of the mesh to another, as an app would make it: plaintext to its own sidecar. */
export async function collectCallerWire({
  context: { cluster, lab },
  probes,
  signal,
}: Needs<'context' | 'probes' | 'signal'>): Promise<CallerWire> {
  const caller = await podOf(cluster, lab, 'caller', signal);
  const { namespace, serviceAccount } = lab.workloads[INTERNAL_ID];
  const host = `${serviceAccount}.${namespace}.svc.cluster.local`;
  const request = { method: 'GET', path: '/headers', headers: [['Host', `${host}:8000`]] as const };
  const results = await probes.pod(
    caller,
    [{ kind: 'http', id: INTERNAL_ID, to: { host, port: 8000 }, request, timeoutMs: 8_000 }],
    signal,
  );
  const internal = wireOf(results, INTERNAL_ID);
  return { [INTERNAL_ID]: internal, internalEcho: parseEcho(internal.body) };
}
