import { z } from 'zod';
import type { Bench } from './bench.ts';
import { patchObject, rolledOut } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

const REF = { kind: 'configmap', namespace: 'kube-system', name: 'coredns' } as const;
const seen = z.looseObject({ data: z.looseObject({ Corefile: z.string() }) });

/** Puts a plugin before all others of CoreDNS and starts it anew; by itself it would look once in a minute. */
export async function changeCorefile(bench: Bench, plugin: string): Promise<Restore> {
  const { data } = seen.parse(
    JSON.parse(await bench.kubectl('get', '-n', REF.namespace, REF.kind, REF.name, '-o', 'json')),
  );
  const changed = data.Corefile.replace('.:53 {\n', `.:53 {\n ${plugin}\n`);
  const restore = await patchObject(bench, REF, [['replace', '/data/Corefile', changed]]);
  await restart(bench);
  return async () => {
    await restore();
    await restart(bench);
  };
}

async function restart(bench: Bench): Promise<void> {
  await bench.kubectl('-n', REF.namespace, 'rollout', 'restart', 'deployment/coredns');
  await rolledOut(bench, REF.namespace, 'coredns');
}
