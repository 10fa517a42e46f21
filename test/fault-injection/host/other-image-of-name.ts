import { inspected } from '../support/containers.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** As after a build by somebody else: the next container of that name would be another program. */
export const fault: FaultInjection = {
  category: 'host',
  what: 'the name of the edge’s image is given to another image',
  names: /meshdev-\S*edge/,
  commit: async (bench) => {
    const { edge, probe } = bench.lab.containers;
    const [name, own, other] = await Promise.all([
      inspected(bench, edge, '{{.Config.Image}}'),
      inspected(bench, edge, '{{.Image}}'),
      inspected(bench, probe, '{{.Image}}'),
    ]);
    await bench.docker(['tag', other, name]);
    return () => bench.docker(['tag', own, name]);
  },
  extended: true,
  turns: { 'MD-DRIFT-002': 'fail DRIFT_IMAGE' },
};
