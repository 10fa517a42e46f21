import { z } from 'zod';
import type { Bench } from './bench.ts';
import { patchObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

const REF = { kind: 'configmap', namespace: 'istio-system', name: 'istio' } as const;
const seen = z.looseObject({ data: z.looseObject({ mesh: z.string() }) });

/**
 * Changes the text of Istio's MeshConfig.
 * @throws when the change changes nothing
 */
export async function changeMeshConfig(bench: Bench, change: (yaml: string) => string): Promise<Restore> {
  const found = await bench.kubectl('get', '-n', REF.namespace, REF.kind, REF.name, '-o', 'json');
  const { mesh } = seen.parse(JSON.parse(found)).data;
  const changed = change(mesh);
  if (changed === mesh) throw new Error('the change leaves the mesh config as it is');
  return patchObject(bench, REF, [['replace', '/data/mesh', changed]]);
}
