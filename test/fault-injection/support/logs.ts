import type { Bench } from './bench.ts';

/** The log of a container ends with it: as MD-EXPO-010 says, it is removed and made anew. */
export async function madeAnew(bench: Bench, container: string): Promise<void> {
  await bench.docker(['rm', '-f', container]);
  await bench.meshdev('up', '--yes', '--no-check');
}

/** As MD-EXPO-010 says for each log of a pod, but for all of them. */
export async function emptyPodLogs(bench: Bench): Promise<void> {
  const emptied = ['-path', '*/*', '-type', 'f', '-exec', 'truncate', '-s', '0', '{}', '+'];
  await bench.docker(['exec', bench.lab.cluster.node, 'find', '/var/log/pods', ...emptied]);
}
