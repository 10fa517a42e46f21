import { addObject } from '../support/cluster.ts';
import { switchTlsOff } from '../support/plaintext.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'gateway and app speak plaintext to each other',
  names: /PeerAuthentication apps\/sabotage|DestinationRule apps\/sabotage-plain/,
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    const strict = await addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'sabotage', namespace },
      spec: { selector: { matchLabels: { app: serviceAccount } }, mtls: { mode: 'PERMISSIVE' } },
    });
    const encrypted = await switchTlsOff(
      bench,
      namespace,
      `${serviceAccount}.${namespace}.svc.cluster.local`,
    );
    return async () => {
      await encrypted();
      await strict();
    };
  },
  extended: true,
  turns: {
    'MD-EXPO-005': 'fail EXPO_PROXY_OPEN',
    'MD-CONT-008': 'fail CONT_UPGRADE_BROKEN',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-RBAC-004': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-001': 'fail RBAC_LOCKED_OUT',
    'MD-JWT-021': 'fail JWT_TOLERANCE_MOVED',
    'MD-JWT-019': 'fail JWT_TOLERANCE_MOVED',
    'MD-JWT-001': 'fail JWT_VALID_REFUSED',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-GW-009': 'fail MESH_NO_COMMON_TLS',
    'MD-HDR-009': 'fail HDR_PATH_OTHERWISE',
    'MD-EDGE-010': 'fail EDGE_NOT_MISDIRECTED',
    'MD-MESH-002': 'fail MESH_SERVER_NOT_THE_APP',
    'MD-MESH-004': 'fail MESH_NOT_STRICT',
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
