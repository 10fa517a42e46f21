import type { Anchors } from '../../src/evidence/certificates.ts';
import type { EdgeRunning } from '../../src/evidence/edge-state.ts';
import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { GatewayWire, SidecarWire } from '../../src/evidence/wires.ts';
import type { MeshState } from '../../src/evidence/mesh-state.ts';
import { GATEWAY_CLIENTS, SIDECAR_CLIENTS } from '../../src/cases/certificates/verifiers.ts';
import { PROFILES, type Profile } from '../../src/profiles.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { parseCertificate } from '../../src/trust/certificate.ts';
import { healthyPolicy } from './healthy-policy.ts';
import type { Made } from './certificates.ts';
import { data, ended } from './wires.ts';
import { healthyBeside } from './healthy-beside.ts';
import { healthyEdge } from './healthy-edge.ts';
import { healthyProxies } from './healthy-proxies.ts';
import {
  tokenFacts,
  PRESENT_KEY,
  healthyClientAnswers,
  healthyFlows,
  healthyIstiodTrust,
  healthyLogins,
  healthyRefusals,
} from './healthy-idp.ts';
import { healthyDeliveries, healthyTokenRequests, healthyRequests, xfcc } from './healthy-requests.ts';
import { healthyCorpora } from './healthy-corpora.ts';
import { healthyParts } from './healthy-parts.ts';
import { healthyDecoys, refusedAll } from './healthy-decoys.ts';
import { type Material, PROXIED } from './healthy-material.ts';

export { data, ended } from './wires.ts';

/** Everything that collectors would bring from a lab whose every link holds. */
/** @param profile of the images that the lab was made of */
export function healthyEvidence(
  lab: Lab,
  material: Material,
  profile: Profile = PROFILES.stock,
): EvidenceMap {
  const { fingerprint } = parseCertificate(material.edgeClient.certificatePem).facts;
  const walks = healthyRequests(lab, fingerprint);
  return {
    ...healthyParts(lab, walks),
    anchors: anchorsOf(material),
    'edge.wire': edgeWire(material),
    'edge.running': edgeRunning(lab),
    ...healthyEdge(lab),
    walks,
    'token.walks': healthyTokenRequests(lab, fingerprint),
    'token.deliveries': healthyDeliveries(lab, fingerprint),
    'open.routes': [],
    analysis: { kind: 'analysed', messages: [] },
    'token.canary': { answered: 3, reachable: true, hits: [] },
    'proxy.lives': { corpusMs: 3_000, upMs: { gateway: 600_000, httpbin: 600_000 } },
    tokens: {
      alice: tokenFacts(lab, 'alice', ['admin']),
      bob: tokenFacts(lab, 'bob', ['viewer']),
      eve: tokenFacts(lab, 'eve', []),
      machine: tokenFacts(lab, 'meshdev-ci', []),
    },
    ...healthyCorpora(lab, fingerprint),
    'gateway.wire': gatewayWire(material),
    'sidecar.wire': sidecarWire(lab),
    ...healthyDecoys(),
    'caller.wire': {
      ledger: data({ status: 200 }),
      internalEcho: {
        headers: {
          'x-forwarded-client-cert': [
            `By=${spiffeId(lab.workloads.ledger)};Hash=cc;Subject="";URI=${spiffeId(lab.workloads.caller)}`,
          ],
        },
      },
    },
    'mesh.state': meshState(material),
    proxies: healthyProxies(lab, material, profile),
    ...healthyBeside(lab, material, profile),
    'idp.state': {
      discovery: {
        issuer: lab.issuer,
        authorization_endpoint: `${lab.issuer}/auth`,
        token_endpoint: `${lab.issuer}/token`,
        jwks_uri: `${lab.issuer}/jwks`,
        userinfo_endpoint: `${lab.issuer}/me`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['ES256'],
      },
      keys: [PRESENT_KEY],
    },
    outside: { looked: 5, neighbours: [], trustedPem: material.edgeRoot.certificatePem },
    'idp.closed': { declaredKeys: ['thumbprint-of-the-present-key'], configuration: [], program: [] },
    'idp.logins': healthyLogins(lab),
    'idp.flows': healthyFlows(lab),
    'idp.refusals': healthyRefusals(),
    'client.answers': healthyClientAnswers(),
    'istiod.trust': healthyIstiodTrust(material.edgeRoot.certificatePem, profile),
    listeners: [
      { container: lab.containers.edge, address: '127.0.0.1', port: lab.httpsPort },
      { container: lab.cluster.node, address: '127.0.0.1', port: 40123 },
    ],
    policy: healthyPolicy(),
  };
}

function anchorsOf(material: Material): Anchors {
  return {
    edgeRootPem: material.edgeRoot.certificatePem,
    meshRootPem: material.meshRoot.certificatePem,
    edgeClientPem: material.edgeClient.certificatePem,
  };
}

function edgeWire({ leaves, edgeIntermediate }: Material): EvidenceMap['edge.wire'] {
  const chain = (leaf: Made) => [leaf.certificatePem, edgeIntermediate.certificatePem];
  return {
    httpbin: data({ alpn: 'h2', status: 403, peerChain: chain(leaves.httpbin) }),
    auth: data({ alpn: 'h2', status: 200, peerChain: chain(leaves.auth) }),
    http1: data({ alpn: 'http/1.1', status: 403, peerChain: chain(leaves.httpbin) }),
    tls12: ended('alert', 'protocol_version'),
    unknownSni: ended('alert', 'internal_error'),
    noSni: ended('alert', 'internal_error'),
    crossed: data({ status: 421, headers: { server: 'Caddy' } }),
    unknownHost: data({ status: 421, headers: { server: 'Caddy' } }),
  };
}

function edgeRunning(lab: Lab): EdgeRunning {
  const verified = { tls: true, skipVerify: false, anchors: true, clientCertificate: true };
  const plain = { tls: false, skipVerify: false, anchors: false, clientCertificate: false };
  const node = `${lab.cluster.node}:${lab.gatewayNodePort}`;
  return {
    upstreams: [
      { host: lab.hosts.httpbin, dial: [node], serverName: lab.hosts.httpbin, ...verified },
      {
        host: lab.hosts.auth,
        dial: [`${lab.containers.idp}:${lab.idpPort}`],
        serverName: undefined,
        ...plain,
      },
    ],
    strictSni: true,
  };
}

function gatewayWire({ gatewayServer }: Material): GatewayWire {
  return {
    control: data({ status: 403, peerChain: [gatewayServer.certificatePem] }),
    forged: refusedAll(GATEWAY_CLIENTS),
    plaintext: ended('closed'),
    tls12: ended('alert', 'protocol_version'),
    unknownHost: data({ status: 403, headers: { server: 'istio-envoy' }, body: 'RBAC: access denied' }),
    counters: { fail_verify_no_cert: 1, fail_verify_error: 13, fail_verify_san: 5, connection_error: 1 },
  };
}

function sidecarWire(lab: Lab): SidecarWire {
  const denied = data({ status: 403, body: 'RBAC: access denied' });
  return {
    reachable: true,
    plaintext: ended('reset'),
    plaintextToInternal: ended('closed'),
    control: data({
      status: 200,
      body: JSON.stringify({ headers: { 'X-Forwarded-Client-Cert': [xfcc(lab)] } }),
    }),
    otherWorkload: denied,
    unlisted: denied,
    forged: refusedAll(SIDECAR_CLIENTS),
    uncertified: {
      ledger: ended('alert', 'certificate_required'),
      caller: ended('alert', 'certificate_required'),
    },
    tls12: {
      httpbin: ended('alert', 'protocol_version'),
      ledger: ended('alert', 'protocol_version'),
      caller: ended('alert', 'protocol_version'),
    },
  };
}

function meshState({ workloads, istiodCa, meshRoot }: Material): MeshState {
  return {
    drift: [],
    scaled: [],
    secrets: PROXIED.map((workload) => ({
      workload,
      chainPem: `${workloads[workload].certificatePem}${istiodCa.certificatePem}`,
      rootPem: meshRoot.certificatePem,
      warming: [],
    })),
    jwks: [PRESENT_KEY],
  };
}
