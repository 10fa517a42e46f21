import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the sidecar writes no subject, and takes none off',
  names: 'RequestAuthentication apps/tokens',
  commit: (bench) =>
    patchObject(
      bench,
      { kind: 'requestauthentication', namespace: bench.lab.workloads.httpbin.namespace, name: 'tokens' },
      [['remove', '/spec/jwtRules/0/outputClaimToHeaders']],
    ),
  extended: true,
  turns: { 'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
