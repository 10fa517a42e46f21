import { changeCaddyfile } from '../support/caddy.ts';
import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'Caddy and the VirtualService both rewrite the path',
  names: /VirtualService apps\/httpbin|Caddy/,
  commit: async (bench) => {
    const undoEdge = await changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        /^\treverse_proxy https:/m,
        '\turi /never* replace /never /ever\n\treverse_proxy https:',
      ),
    );
    const { namespace } = bench.lab.workloads.httpbin;
    const undoRoute = await patchObject(bench, { kind: 'virtualservice', namespace, name: 'httpbin' }, [
      ['add', '/spec/http/0/rewrite', { uriRegexRewrite: { match: '^/never', rewrite: '/ever' } }],
    ]);
    return async () => {
      await undoRoute();
      await undoEdge();
    };
  },
  extended: true,
  turns: {
    'MD-GW-010': 'warn EGW_REWRITTEN_TWICE',
    'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
