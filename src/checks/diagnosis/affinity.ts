/**
 * What an object of a kind decides first: the verdicts that turn when it is wrong, whatever else does. An object
 * that none of these speaks against may be there and harm nobody. Held against `<id> <code>`.
 */
const DECIDES: Readonly<Record<string, RegExp>> = {
  AuthorizationPolicy: /^MD-(?:RBAC-\d+|JWT-0(?:02|19)|GW-005|CONT-008|HDR-00[469]|WRK-001)\b/,
  RequestAuthentication: /^MD-(?:JWT-\d+|OIDC-01[0-4]|HDR-00[48]|CONT-004|RBAC-006)\b/,
  PeerAuthentication: /^MD-(?:MESH-0(?:0[24569]|1[478])|EXPO-005)\b/,
  DestinationRule: /^MD-(?:MESH-0(?:02|10|13|17|19)|GW-009|WRK-001)\b/,
  Gateway: /^MD-(?:EGW-\d+|GW-\d+|EXPO-002|CONT-002|RBAC-006)\b/,
  VirtualService: /^MD-(?:GW-0(?:04|10)|MESH-003|CONT-00[56]|HDR-00[379]|RBAC-009|WRK-001|DRIFT-006)\b/,
  ServiceEntry: /^MD-(?:MESH-0(?:03|10|19)|GW-004|WRK-00[12])\b/,
  WorkloadEntry: /^MD-(?:WRK-00[12]|MESH-00[23])\b/,
  Sidecar: /^MD-(?:MESH-0\d+|GW-004|WRK-00[13])\b/,
  EnvoyFilter: /^MD-(?:GW-00[1-79]|EGW-\d+|MESH-0\d+|HDR-\d+|JWT-\d+|RBAC-\d+|WRK-001)\b/,
  WasmPlugin: /^MD-(?:GW-003|HDR-\d+|JWT-\d+|RBAC-\d+|CONT-\d+|WRK-001)\b/,
  Telemetry: /^MD-(?:CONT-\d+|EXPO-010)\b|NO_RECORD$/,
  Deployment: /^MD-(?:WRK-\d+|MESH-\d+|CERT-00[35]|EXPO-004|OIDC-01\d|GW-\d+|CONT-001)\b/,
  Service: /^MD-(?:WRK-00[1-39]|MESH-\d+|GW-00[49])\b/,
  ServiceAccount: /^MD-(?:WRK-\d+|MESH-01[17])\b/,
  Namespace: /^MD-(?:MESH-\d+|WRK-\d+)\b/,
  Secret: /^MD-(?:CERT-\d+|EGW-0\d+|MESH-01[12]|GW-002)\b/,
  ConfigMap: /^MD-(?:MESH-0\d+|CONT-\d+|HDR-009|EXPO-0(?:04|10)|OIDC-01\d)\b|NO_RECORD$/,
  Istio: /^MD-(?:MESH-\d+|OIDC-01\d|EXPO-004|GW-008|WRK-\d+)\b/,
  ValidatingWebhookConfiguration: /^MD-GW-008\b/,
  MutatingWebhookConfiguration: /^MD-(?:MESH-001|WRK-\d+)\b/,
  Caddy:
    /^MD-(?:EDGE-\d+|HDR-\d+|EGW-0(?:0[1257]|1[34])|CONT-00[57]|EXPO-0(?:03|10)|OIDC-00[1236]|NAME-00[45]|CERT-00[15])\b/,
};

/** Whether what an object of this kind decides is what this verdict is about. A kind that has no row decides nothing by itself. */
export function decides(kind: string, verdict: string): boolean {
  return DECIDES[kind]?.test(verdict) === true;
}

/** Whether objects of this kind decide anything that is judged. */
export function hasDecisions(kind: string): boolean {
  return kind in DECIDES;
}
