import { grant } from '../support/access.ts';
import type { Harmless } from '../support/harmless.ts';

/** What monitoring needs: lists of pods, services and nodes, and their metrics. */
export const harmless: Harmless = {
  what: 'somebody lets their monitoring read pods, services and nodes',
  apply: (bench) =>
    grant(bench, {
      name: 'monitoring',
      rules: [
        {
          apiGroups: [''],
          resources: ['pods', 'services', 'endpoints', 'nodes', 'nodes/metrics'],
          verbs: ['get', 'list', 'watch'],
        },
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      ],
      subject: { kind: 'ServiceAccount', name: 'default', namespace: 'default' },
    }),
  concerns: ['MD-EXPO-013'],
};
