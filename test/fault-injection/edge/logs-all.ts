import { changeCaddyfile } from '../support/caddy.ts';
import { madeAnew } from '../support/logs.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Tokens in queries are among what every check sends. */
export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy logs requests as they come',
  names: /Caddy/,
  commit: async (bench) => {
    const restore = await changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(/format filter \{[\s\S]*?\n\t\t\}/, 'format json'),
    );
    return async () => {
      await restore();
      await madeAnew(bench, bench.lab.containers.edge);
    };
  },
  turns: { 'MD-EXPO-010': 'fail EXPO_SECRET_LEAKED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
