import type { Sabotage } from '../support/sabotage.ts';

/** As after a build by somebody else: the next container of that name would be another program. */
export const sabotage: Sabotage = {
  category: 'host',
  what: 'the name of the edge’s image is given to another image',
  commit: async (bench) => {
    const asked = async (container: string, format: string): Promise<string> =>
      (await bench.docker(['inspect', '--format', format, container])).trim();
    const { edge, probe } = bench.lab.containers;
    const [name, own, other] = await Promise.all([
      asked(edge, '{{.Config.Image}}'),
      asked(edge, '{{.Image}}'),
      asked(probe, '{{.Image}}'),
    ]);
    await bench.docker(['tag', other, name]);
    return () => bench.docker(['tag', own, name]);
  },
  extended: true,
  turns: { 'MD-DRIFT-002': 'fail DRIFT_IMAGE' },
};
