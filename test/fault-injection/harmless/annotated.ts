import type { Bench } from '../support/bench.ts';
import type { Harmless } from '../support/harmless.ts';

/** Labels and annotations on what meshdev made. */
export const harmless: Harmless = {
  what: 'somebody annotates and labels a namespace and a Deployment of the lab',
  apply: async (bench) => {
    await mark(bench, 'team=web');
    return () => mark(bench, 'team-');
  },
  concerns: ['MD-DRIFT-001', 'MD-EXPO-014', 'MD-DRIFT-004'],
};

async function mark(bench: Bench, change: string): Promise<void> {
  const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
  for (const verb of ['annotate', 'label'] as const) {
    await bench.kubectl(verb, 'namespace', namespace, change, ...force(change));
    await bench.kubectl(verb, '-n', namespace, 'deployment', serviceAccount, change, ...force(change));
  }
}

function force(change: string): readonly string[] {
  return change.endsWith('-') ? [] : ['--overwrite'];
}
