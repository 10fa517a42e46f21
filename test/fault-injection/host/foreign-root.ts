import { readFile, writeFile } from 'node:fs/promises';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a foreign CA is in the file that clients are told to trust',
  commit: async (bench) => {
    const { edgeRoot } = bench.context.files;
    const before = await readFile(edgeRoot, 'utf8');
    const { mesh } = await bench.context.keys();
    await writeFile(edgeRoot, `${before}${mesh.rootPem}`);
    return () => writeFile(edgeRoot, before);
  },
  turns: { 'MD-EXPO-015': 'fail EXPO_FOREIGN_ANCHOR' },
  // Clients that read this file trust more servers.
  mayTurn: ['MD-EDGE-013', 'MD-EDGE-015', 'MD-EDGE-006'],
  says: { 'MD-EXPO-015': ['clients are told to trust'] },
};
