import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the gateway accepts tokens of another issuer from a header of their own',
  commit: (bench) => {
    const { workloads, issuer } = bench.lab;
    return addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'partner', namespace: workloads.gateway.namespace },
      spec: {
        jwtRules: [
          {
            issuer: `${issuer}/partner`,
            jwks: JSON.stringify({ keys: [] }),
            fromHeaders: [{ name: 'x-partner-token' }],
          },
        ],
      },
    });
  },
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  // The proxy may have no key of that issuer, and says so.
  mayTurn: ['MD-RBAC-006', 'MD-DRIFT-006', 'MD-OIDC-010'],
  says: { 'MD-DRIFT-004': ['istio-ingress/gateway accepts tokens of', '/partner'] },
};
