import { z } from 'zod';
import { patchObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

const REF = { kind: 'configmap', namespace: 'istio-system', name: 'istio' } as const;
const seen = z.looseObject({ data: z.looseObject({ mesh: z.string() }) });

export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'sidecars may speak TLS 1.2 (`meshMTLS.minProtocolVersion`)',
  commit: async (bench) => {
    const found = await bench.kubectl('get', '-n', REF.namespace, REF.kind, REF.name, '-o', 'json');
    const { mesh } = seen.parse(JSON.parse(found)).data;
    return patchObject(bench, REF, [
      ['replace', '/data/mesh', mesh.replace('minProtocolVersion: TLSV1_3', 'minProtocolVersion: TLSV1_2')],
    ]);
  },
  turns: { 'MD-MESH-009': 'fail MESH_TLS_TOO_OLD' },
};
