import { addObject, patchObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'the gateway speaks to the app itself, around its sidecar',
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    const encrypted = await addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'sabotage', namespace },
      spec: {
        host: `${serviceAccount}.${namespace}.svc.cluster.local`,
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
    });
    const deployment = { kind: 'deployment', namespace, name: serviceAccount };
    const captured = await patchObject(bench, deployment, [
      ['add', '/spec/template/metadata/annotations/traffic.sidecar.istio.io~1excludeInboundPorts', '8080'],
    ]);
    const ready = (): Promise<string> =>
      bench.kubectl('rollout', 'status', '-n', namespace, `deployment/${serviceAccount}`, '--timeout=60s');
    await ready();
    return async () => {
      await encrypted();
      await captured();
      await ready();
    };
  },
  // The pod itself is replaced on the way back.
  mayTurn: ['MD-EXPO-010'],
  extended: true,
  turns: {
    'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-JWT-020': 'fail JWT_MALFORMED_ACCEPTED',
    'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN',
    'MD-JWT-012': 'fail JWT_FOREIGN_KEY_TAKEN',
    'MD-JWT-018': 'fail JWT_OTHER_KIND_ACCEPTED',
    'MD-JWT-017': 'fail JWT_TIME_NOT_CHECKED',
    'MD-JWT-016': 'fail JWT_AUDIENCE_NOT_CHECKED',
    'MD-JWT-015': 'fail JWT_ISSUER_TOO_WIDE',
    'MD-JWT-014': 'fail JWT_KID_TOO_LENIENT',
    'MD-JWT-013': 'fail JWT_SIGNATURE_NOT_CHECKED',
    'MD-JWT-011': 'fail JWT_KEY_CONFUSED',
    'MD-JWT-010': 'fail JWT_UNSIGNED_ACCEPTED',
    'MD-JWT-002': 'fail JWT_NOT_REQUIRED',
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
  },
};
