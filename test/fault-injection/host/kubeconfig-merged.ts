import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'the user’s own kubeconfig holds the context of the lab',
  names: /\.kube\/config/,
  commit: async ({ home, lab }) => {
    const path = `${home}/.kube/config`;
    const before = await readFile(path, 'utf8').catch(() => undefined);
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `# ${lab.cluster.context}\n`, { mode: 0o600 });
    return () => (before === undefined ? rm(path) : writeFile(path, before));
  },
  extended: true,
  turns: { 'MD-EXPO-011': 'fail EXPO_MACHINE_CHANGED' },
};
