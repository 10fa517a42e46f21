import { annotatePods } from '../support/cluster.ts';
import { switchTlsOff } from '../support/plaintext.ts';
import { FORGED_TOKENS_PASS } from '../support/forged-tokens.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'the gateway speaks to the app itself, around its sidecar',
  names: /Deployment apps\/httpbin|DestinationRule apps\/sabotage-plain/,
  commit: async (bench) => {
    const { httpbin } = bench.lab.workloads;
    const { namespace, serviceAccount } = httpbin;
    const encrypted = await switchTlsOff(
      bench,
      namespace,
      `${serviceAccount}.${namespace}.svc.cluster.local`,
    );
    const captured = await annotatePods(bench, httpbin, [
      'traffic.sidecar.istio.io/excludeInboundPorts',
      '8080',
    ]);
    return async () => {
      await encrypted();
      await captured();
    };
  },
  logsTokens: true,
  extended: true,
  turns: {
    ...FORGED_TOKENS_PASS,
    'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED',
    'MD-MESH-018': 'fail MESH_CONTROL_REFUSED',
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-002': 'fail MESH_SERVER_NOT_THE_APP',
    'MD-GW-009': 'fail MESH_NO_COMMON_TLS',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
    'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED',
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-HDR-002': 'fail CONT_OTHER_PEER',
    'MD-CONT-001': 'fail CONT_BROKEN',
    'MD-CONT-003': 'fail CONT_OTHER_PEER',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
  // Most of their cases look for the sidecar’s record, and there is none: each says so in its own way.
  mayTurn: ['MD-HDR-002', 'MD-HDR-006', 'MD-HDR-009'],
};
