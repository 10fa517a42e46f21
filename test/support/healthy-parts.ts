import { NOW } from './certificates.ts';
import { EDGE_ADMIN_SOCKET } from '../../src/edge/edge-files.ts';
import { bypassCases, type BypassCase } from '../../src/cases/bypass-cases.ts';
import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { WireResult } from '../../src/evidence/wire-result.ts';
import type { Bypass } from '../../src/evidence/bypass.ts';
import type { KeyCopies } from '../../src/evidence/exposure.ts';
import type { PartsState, PodFacts, PodsState } from '../../src/evidence/components.ts';
import type { Lab, WorkloadName } from '../../src/topology/lab.ts';
import { IN_CLUSTER_IMAGES, ISTIO_VERSION } from '../../src/versions.ts';
import { healthyAccess } from './healthy-access.ts';
import { healthyHolders } from './healthy-holders.ts';
import { data, ended, unreachable } from './wires.ts';

type PartsEvidence = Pick<
  EvidenceMap,
  | 'cluster.access'
  | 'pod.holders'
  | 'parts'
  | 'pods'
  | 'bypass'
  | 'private.files'
  | 'key.copies'
  | 'leaks'
  | 'machine'
  | 'capture'
>;

/** What stands below the chain and beside it, in a lab whose every link holds. */
export function healthyParts(lab: Lab, walks: EvidenceMap['walks']): PartsEvidence {
  return {
    'cluster.access': healthyAccess(lab),
    'pod.holders': healthyHolders(lab),
    parts: partsState(lab),
    pods: podsState(lab),
    bypass: bypass(lab),
    'private.files': {
      uid: 1000,
      entries: [
        { path: '/state/keys', kind: 'directory', mode: 0o700, uid: 1000 },
        { path: '/state/keys/mesh-root.pem', kind: 'file', mode: 0o600, uid: 1000 },
      ],
    },
    'key.copies': keyCopies(lab),
    leaks: { found: [], searched: [{ place: 'log of edge', bytes: 4096 }], dead: 0 },
    machine: {
      now: [{ path: '/etc/hosts', digest: 'aa', mentions: [] }],
      before: { '/etc/hosts': { digest: 'aa', mentions: [] } },
    },
    capture: {
      kind: 'captured',
      packets: 300,
      clear: { before: 1, nonce: 0, after: 1 },
      traced: walks['alice-read'],
    },
  };
}

function partsState({ containers, cluster, network, idpNetwork }: Lab): PartsState {
  const running = {
    state: 'running',
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    startedAt: NOW - 60_000,
    mounts: [],
  } as const;
  return {
    api: 'ready',
    containers: [
      { name: containers.edge, ...running, networks: [network, idpNetwork] },
      { name: containers.idp, ...running, networks: [idpNetwork] },
      { name: containers.probe, ...running, networks: [network] },
      {
        name: cluster.node,
        ...running,
        networks: [network],
        mounts: [{ kind: 'bind', source: '/lib/modules', target: '/lib/modules', readOnly: true }],
      },
    ],
  };
}

const SIDECAR = {
  name: 'istio-proxy',
  image: `${IN_CLUSTER_IMAGES.istioHub}/proxyv2:${IN_CLUSTER_IMAGES.istioTag}`,
  ready: true,
  restarts: 0,
};
const APP = {
  name: 'app',
  image: IN_CLUSTER_IMAGES.guest,
  program: IN_CLUSTER_IMAGES.httpbin,
  ready: true,
  restarts: 0,
};
const PROBE = { name: 'probe', image: IN_CLUSTER_IMAGES.guest, ready: true, restarts: 0 };

function podsState(lab: Lab): PodsState {
  const pod = (workload: WorkloadName, address: string, containers: PodFacts['containers']): PodFacts => ({
    workload,
    namespace: lab.workloads[workload].namespace,
    name: `${workload}-0`,
    address,
    hostNetwork: false,
    revision: 'default',
    containers,
  });
  return {
    peerRules: [],
    pods: [
      {
        ...pod('gateway', '10.244.0.3', []),
        workload: 'istiod',
        namespace: 'istio-system',
        name: 'istiod-0',
      },
      pod('gateway', '10.244.0.4', [SIDECAR]),
      pod('httpbin', '10.244.0.5', [APP, SIDECAR]),
      pod('ledger', '10.244.0.6', [APP, SIDECAR]),
      pod('caller', '10.244.0.7', [PROBE, SIDECAR]),
      pod('intruder', '10.244.0.8', [PROBE]),
    ],
    services: [service('httpbin', '10.244.0.5'), service('ledger', '10.244.0.6')],
  };
}

function service(workload: WorkloadName, address: string): PodsState['services'][number] {
  return { workload, address: '10.96.0.9', endpoints: [{ address, pod: `${workload}-0`, ready: true }] };
}

function bypass(lab: Lab): Bypass {
  return {
    tried: bypassCases(lab).map((one) => ({ id: one.id, check: one.check, wire: asExpected(one) })),
    ports: [
      { workload: 'httpbin', port: 8080, wire: ended('reset') },
      { workload: 'ledger', port: 8080, wire: ended('reset') },
      { workload: 'caller', port: 15006, wire: ended('closed') },
    ],
    unlisted: [],
    allowed: { dns: '10.0.0.2', edge: data({ status: 403 }), probe: data({ status: 403 }) },
    adminSocket: {
      own: data({ status: 200, body: `"unix/${EDGE_ADMIN_SOCKET}|0600"\n` }),
      crossOrigin: data({ status: 403 }),
    },
    appPeer: { wire: data({ status: 200 }), address: '127.0.0.6' },
  };
}

/** What a healthy lab answers to one way around the chain. */
function asExpected({ must }: BypassCase): WireResult {
  switch (must.kind) {
    case 'refused':
      return ended('refused');
    case 'unreachable':
      return { ...ended('timeout'), connected: false };
    case 'no-such-name':
      return unreachable('ENOTFOUND');
    case 'closed':
      return ended('reset');
    case 'alert':
      return ended('alert', must.alert);
    case 'status':
      return data({ status: must.status });
    case 'grpc-status':
      return data({ status: 200, headers: { 'grpc-status': String(must.status) } });
    case 'allowed':
      return data({ status: 200, body: ALLOWED[must.gives] });
  }
}

const ALLOWED = {
  nothing: '',
  version: `${ISTIO_VERSION}-Clean`,
  metrics: '# TYPE up gauge\nup{a="b c"} 1\nsum 1.5e+06\n',
} as const;

function keyCopies({ containers, cluster }: Lab): KeyCopies {
  const digest = (id: string): string => id.padEnd(64, '0');
  const ids = ['edge-root', 'edge-intermediate', 'mesh-root', 'istiod-ca'];
  return {
    authorities: Object.fromEntries(ids.map((id) => [id, digest(id)])),
    found: [
      {
        fingerprint: digest('edge-intermediate'),
        where: `container ${containers.edge} /etc/meshdev/edge-intermediate.key`,
      },
      { fingerprint: digest('istiod-ca'), where: 'secret istio-system/cacerts ca-key.pem' },
      {
        fingerprint: digest('istiod-ca'),
        where: `container ${cluster.node} /var/lib/kubelet/pods/1f/volumes/kubernetes.io~secret/cacerts/ca-key.pem`,
      },
    ],
    searched: [`container ${containers.edge}`, '12 secrets and 20 config maps'],
    places: ['/etc', '/run'],
  };
}
