import { patchObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'the route rewrites paths behind the edge',
  commit: (bench) =>
    patchObject(
      bench,
      { kind: 'virtualservice', namespace: bench.lab.workloads.httpbin.namespace, name: 'httpbin' },
      [
        [
          'add',
          '/spec/http/0/rewrite',
          { uriRegexRewrite: { match: '^/anything/read/y?', rewrite: '/anything/read/z' } },
        ],
      ],
    ),
  turns: { 'MD-HDR-009': 'fail HDR_PATH_OTHERWISE', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
