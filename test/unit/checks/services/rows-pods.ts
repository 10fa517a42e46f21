import { atChain, atPod, type Row } from './broken.ts';

export const POD_ROWS: readonly Row[] = [
  [
    'an object that somebody changed',
    (found) => ({
      ...found,
      'service.objects': {
        drift: ['Deployment apps/orders: spec.template.spec.serviceAccountName is default, expected orders'],
        isOlderBuild: true,
      },
    }),
    { 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
    'serviceAccountName is default, expected orders',
  ],
  [
    'a pod without sidecar',
    atPod((pod) => ({
      ...pod,
      containers: pod.containers.filter(({ name }) => name !== 'istio-proxy'),
      sockets: { because: 'no sidecar' },
    })),
    { 'MD-MESH-001': 'fail MESH_NO_SIDECAR', 'MD-WRK-003[process]': 'unknown NO_PROXIES' },
    'has no sidecar',
  ],
  [
    'a pod that wants no sidecar',
    atPod((pod) => ({
      ...pod,
      refusesSidecar: true,
      containers: pod.containers.filter(({ name }) => name !== 'istio-proxy'),
    })),
    { 'MD-MESH-001': 'fail MESH_NO_SIDECAR' },
    'sidecar.istio.io/inject is false; remove it from the manifests',
  ],
  [
    'a container that crashes',
    atPod((pod) => ({
      ...pod,
      trouble: 'container app: CrashLoopBackOff',
      containers: pod.containers.map((one) =>
        one.name === 'app' ? { ...one, ready: false, restarts: 4 } : one,
      ),
      lastLines: ['starting', 'no DATABASE_URL'],
    })),
    { 'MD-WRK-002[pods]': 'fail WRK_NO_READY_POD' },
    'CrashLoopBackOff; its last lines: starting ⏎ no DATABASE_URL',
  ],
  [
    'a pod of an older rollout',
    atPod((pod) => ({
      ...pod,
      containers: pod.containers.map((one) => (one.name === 'app' ? { ...one, image: 'orders:0' } : one)),
    })),
    { 'MD-WRK-002[image]': 'fail WRK_OTHER_IMAGE' },
  ],
  [
    'a stranger behind the Service',
    (found) => {
      const { object } = found['service.pods'];
      const endpoints = [...(object?.endpoints ?? []), { address: '10.9.9.9', pod: undefined, ready: true }];
      return {
        ...found,
        'service.pods': { ...found['service.pods'], object: { ports: object?.ports ?? [], endpoints } },
      };
    },
    { 'MD-WRK-002[endpoints]': 'fail WRK_OTHER_ENDPOINT' },
    '10.9.9.9 (no pod)',
  ],
  [
    'a pod that the Service does not select',
    (found) => {
      const { object } = found['service.pods'];
      const endpoints = (object?.endpoints ?? []).slice(0, 1);
      return {
        ...found,
        'service.pods': { ...found['service.pods'], object: { ports: object?.ports ?? [], endpoints } },
      };
    },
    { 'MD-WRK-002[endpoints]': 'fail WRK_OTHER_ENDPOINT' },
  ],
  [
    'no Service',
    (found) => ({ ...found, 'service.pods': { ...found['service.pods'], object: undefined } }),
    { 'MD-WRK-002[endpoints]': 'fail WRK_NO_SERVICE', 'MD-WRK-003[service]': 'fail WRK_NO_SERVICE' },
    'there is no Service apps/orders',
  ],
  [
    'a Service with another port',
    (found) => {
      const { object } = found['service.pods'];
      const ports = [{ port: 81, target: 8080 }];
      return {
        ...found,
        'service.pods': { ...found['service.pods'], object: { ports, endpoints: object?.endpoints ?? [] } },
      };
    },
    { 'MD-WRK-003[service]': 'fail WRK_NO_SERVICE' },
    'has no port 8080; it has 81',
  ],
  [
    'a port that nothing listens on',
    atPod((pod) => ({ ...pod, sockets: { open: [9000, 15_006], loopback: [] } })),
    { 'MD-WRK-003[process]': 'fail WRK_NOT_LISTENING' },
    'no process listens on port 8080; it listens on 9000',
  ],
  [
    'a process on 127.0.0.1 alone',
    atPod((pod) => ({ ...pod, sockets: { open: [15_006], loopback: [8080] } })),
    { 'MD-WRK-003[process]': 'fail WRK_NOT_LISTENING' },
    'it has to listen on 0.0.0.0',
  ],
  [
    'a port that no Service names',
    atChain(({ match }) => ({ match: { ...match, destinationPort: 9999 } })),
    { 'MD-WRK-003[protocol]': 'fail WRK_NO_SERVICE' },
    'no Service names this port',
    'unknown NO_PROXIES',
  ],
  [
    'a port handled as TCP',
    atChain(() => ({ http: undefined, filters: ['envoy.filters.network.tcp_proxy'] })),
    { 'MD-WRK-003[protocol]': 'fail WRK_NOT_HTTP' },
    'set appProtocol',
    'unknown NO_PROXIES',
  ],
];
