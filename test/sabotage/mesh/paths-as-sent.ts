import { z } from 'zod';
import type { Sabotage } from '../support/sabotage.ts';

const configMap = z.object({ data: z.object({ mesh: z.string() }) });
const NAME = ['-n', 'istio-system', 'configmap', 'istio'];

export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'paths are judged and handed on as they are sent (pathNormalization NONE)',
  commit: async (bench) => {
    const before = configMap.parse(JSON.parse(await bench.kubectl('get', ...NAME, '-o', 'json'))).data.mesh;
    const set = (mesh: string) =>
      bench.kubectl('patch', ...NAME, '--type', 'merge', '-p', JSON.stringify({ data: { mesh } }));
    const changed = before.replace('normalization: DECODE_AND_MERGE_SLASHES', 'normalization: NONE');
    if (changed === before) throw new Error('the mesh config has no normalization to switch off');
    await set(changed);
    return () => set(before);
  },
  turns: { 'MD-HDR-009': 'fail HDR_PATH_NOT_JUDGED' },
};
