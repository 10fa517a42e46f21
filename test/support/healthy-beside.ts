import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { WireResult } from '../../src/evidence/wire-result.ts';
import type { ForcedHandshakes } from '../../src/evidence/tls-offers.ts';
import type { InsideName, LookUp } from '../../src/evidence/names.ts';
import type { Profile } from '../../src/profiles.ts';
import { type Lab, publicHosts } from '../../src/topology/lab.ts';
import { fingerprintsOf } from '../../src/trust/fingerprints.ts';
import { GO_OFFER } from '../../src/trust/tls-libraries.ts';
import { IN_CLUSTER_IMAGES } from '../../src/versions.ts';
import type { Material } from './healthy-material.ts';
import { data, ended } from './wires.ts';

const NODE = '172.18.0.4';
const EDGE = '172.18.0.2';

type Beside =
  | 'edge.state'
  | 'tls.offers'
  | 'real.clients'
  | 'cluster.state'
  | 'certificates'
  | 'clocks'
  | 'names'
  | 'versions';

/** What is looked at beside the traffic, of a lab whose every link holds. */
export function healthyBeside(lab: Lab, material: Material, profile: Profile): Pick<EvidenceMap, Beside> {
  return {
    'edge.state': {
      listens: [{ listen: `:${lab.httpsPort}`, tls: true }],
      plain: [{ port: 80, wire: ended('refused') }],
      stored: {
        [lab.hosts.httpbin]: material.leaves.httpbin.certificatePem,
        [lab.hosts.auth]: material.leaves.auth.certificatePem,
      },
      dials: [{ dial: `${lab.cluster.node}:${lab.gatewayNodePort}`, addresses: [NODE], connected: true }],
      rewrites: [],
      nodeAddresses: [NODE],
    },
    'tls.offers': {
      edge: forced(),
      gateway: forced(),
      edgeAsClient: GO_OFFER,
      crossed: data({ status: 403 }),
      foreignSni: ended('reset'),
    },
    'real.clients': [
      {
        name: 'curl',
        seen: {
          kind: 'tried',
          accepts: { accepted: true, told: 'HTTP 200' },
          withoutAnchor: { accepted: false, told: 'unable to get local issuer certificate' },
        },
      },
    ],
    'cluster.state': clusterState(lab),
    certificates: [
      { name: 'edge-root', pem: material.edgeRoot.certificatePem },
      { name: 'edge-intermediate', pem: material.edgeIntermediate.certificatePem },
      { name: 'mesh-root', pem: material.meshRoot.certificatePem },
      { name: 'istiod-ca', pem: material.istiodCa.certificatePem },
      { name: 'gateway-server', pem: material.gatewayServer.certificatePem },
      { name: 'edge-client', pem: material.edgeClient.certificatePem },
    ],
    clocks: {
      readings: (['engine', 'node', 'pod', 'idp'] as const).map((component) => ({
        component,
        seen: { kind: 'read', offsetMs: 40, roundTripMs: 90 },
      })),
      sleptMs: 0,
    },
    names: names(lab, material),
    versions: versions(lab, profile),
  };
}

function forced(): ForcedHandshakes {
  const taken = data({ protocol: 'TLSv1.3', status: 421 });
  const all = (of: readonly string[]): Record<string, WireResult> =>
    Object.fromEntries(of.map((name) => [name, taken]));
  const old = ended('alert', 'protocol_version');
  return {
    asGo: taken,
    versions: { 'TLSv1.2': old, 'TLSv1.3': taken },
    groups: all(['X25519MLKEM768', 'X25519', 'P-256']),
    ciphers: { ...all(['TLS_AES_128_GCM_SHA256']), 'ECDHE-ECDSA-AES128-GCM-SHA256': old },
    alpn: all(['h2', 'http/1.1']),
  };
}

function clusterState(lab: Lab): EvidenceMap['cluster.state'] {
  return {
    gatewayPods: [{ name: 'gateway-0', trouble: undefined }],
    gatewayEndpoints: ['10.244.0.7'],
    virtualServices: [
      {
        name: 'apps/httpbin',
        hosts: [lab.hosts.httpbin],
        gateways: ['istio-ingress/public'],
        rewrites: [],
      },
    ],
    foreign: [],
    invalidObject: { kind: 'refused', told: 'validation.istio.io: rejected' },
  };
}

function names(lab: Lab, { leaves }: Material): EvidenceMap['names'] {
  const [leaf] = fingerprintsOf(leaves.auth.certificatePem);
  const loopback: LookUp = { addresses: ['127.0.0.1'] };
  const random = `r0.${lab.domain}`;
  const inside = (place: string, name: string): InsideName => ({
    place,
    name,
    library: { addresses: [EDGE] },
    a: { addresses: [EDGE] },
    aaaa: { error: 'ENODATA' },
  });
  const none: LookUp = { error: 'ENOTFOUND' };
  const places = ['edge network', 'intruder', 'caller'];
  return {
    host: Object.fromEntries(
      publicHosts(lab).map((host) => [
        host,
        {
          system: loopback,
          dotted: loopback,
          met: { '127.0.0.1': { ended: 'data', code: undefined, leaf } },
          curl: loopback,
        },
      ]),
    ),
    inside: places.flatMap((place) => publicHosts(lab).map((host) => inside(place, host))),
    istiod: { addresses: [EDGE] },
    edgeAddresses: [EDGE],
    hostsLines: [],
    random: {
      name: random,
      host: none,
      inside: places.map((place) => ({ place, name: random, library: none, a: none, aaaa: none })),
    },
    views: ['client', 'edge network', 'pod'].map((place) => ({
      place,
      leaf,
      issuer: lab.issuer,
      jwksUri: `${lab.issuer}/jwks`,
      because: '200',
    })),
    loopbackV6: { ended: 'refused', code: 'ECONNREFUSED', leaf: undefined },
  };
}

function versions(lab: Lab, { images: _pulled, ...profile }: Profile): EvidenceMap['versions'] {
  return {
    profile,
    caddy: profile.versions.caddy,
    kubernetes: profile.versions.kubernetes,
    cni: profile.cni,
    istiod: `${IN_CLUSTER_IMAGES.istioHub}/pilot:${IN_CLUSTER_IMAGES.istioTag}`,
    images: [
      {
        container: lab.containers.edge,
        reference: 'meshdev.local/edge:1',
        running: 'sha256:aa',
        named: 'sha256:aa',
      },
    ],
    kubelet: { kind: 'KubeletConfiguration', failCgroupV1: false },
    kubeProxy: { kind: 'KubeProxyConfiguration', conntrack: { maxPerCore: 0 } },
    wantedKubelet: { kind: 'KubeletConfiguration', failCgroupV1: false, oomScoreAdj: 0 },
    wantedKubeProxy: { kind: 'KubeProxyConfiguration', conntrack: { maxPerCore: 0, min: 0 } },
  };
}
