import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import type { ProxyRecord } from '../../records/proxy-record.ts';
import type { Lab } from '../../topology/lab.ts';
import {
  agree,
  type Agreement,
  type TlsOffer,
  agreementText,
  versionRange,
} from '../../trust/tls-agreement.ts';
import { ENVOY_OFFER, GO_OFFER, TLS13_SUITES } from '../../trust/tls-libraries.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown, warn } from '../check.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { VirtualServiceSeen } from '../../evidence/cluster-state.ts';
import { type Proxies, proxyOf, type ProxySeen, type TlsSocket } from '../../evidence/proxies.ts';
import type { ForcedHandshakes } from '../../evidence/tls-offers.ts';
import { socketToSidecars } from '../mesh-client.ts';
import { refusedWithAlert, nothingSeen } from '../refusal.ts';
import { meetsFloor } from '../tls-version.ts';
import type { Verdict } from '../verdict.ts';

/** What both ends of each hop leave in common; a hop without is named here before it is a 502. */
export const AGREEMENT_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EGW-006',
    title:
      'the negotiated version and cipher suite meet the policy, and both sides have TLS parameters in common',
    impact: 'this hop accepts an old TLS version, or the next upgrade causes an empty 502',
    hint: '`minProtocolVersion`, `maxProtocolVersion`, `cipherSuites` of the Gateway',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'gateway.wire', 'tls.offers', 'proxies'],
    judge: (
      { walks, 'gateway.wire': { tls12 }, 'tls.offers': { gateway, edgeAsClient }, proxies },
      { lab },
    ) =>
      eachCase([
        ['negotiated', negotiated(walks[WALK.adminRead].gateway)],
        [
          'floor',
          refusedWithAlert(
            tls12,
            ['protocol_version', 'handshake_failure'],
            'a client that supports at most TLS 1.2',
            'EGW_TLS_TOO_OLD',
          ),
        ],
        ['overlap', gatewayOverlap(edgeAsClient, proxies, lab)],
        ['handshake', likeTheEdge(gateway, 'gateway')],
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-014',
    title: 'clients written in Go, such as istiod, and the edge have TLS parameters in common',
    impact: 'istiod cannot fetch keys, or the handshake of clients fails',
    hint: '`tls` in the Caddyfile',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['tls.offers'],
    judge: ({ 'tls.offers': { edge } }) =>
      eachCase([
        ['overlap', overlap(GO_OFFER, takenBy(edge), 'a Go program', 'the edge', 'EDGE_NO_COMMON_TLS')],
        ['handshake', likeTheEdge(edge, 'edge')],
      ]),
  }),
  defineCheck({
    id: 'MD-GW-009',
    title: 'the gateway and each sidecar behind it have TLS parameters in common',
    impact: 'a setting of one side causes a 503 for every request',
    hint: '`meshMTLS` and `tlsDefaults` of the mesh; DestinationRules',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['proxies'],
    judge: ({ proxies }, { lab }) =>
      eachCase(([APP_ID, INTERNAL_ID] as const).map((name) => [name, meshOverlap(proxies, lab, name)])),
  }),
  defineCheck({
    id: 'MD-GW-010',
    title: 'at most one component rewrites path and host',
    impact: 'Caddy and a VirtualService both rewrite: the app receives neither result',
    hint: '`rewrite`, `uri`, `header_up Host` in the Caddyfile; `rewrite` of the VirtualService',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.state', 'cluster.state'],
    judge: ({ 'edge.state': { rewrites }, 'cluster.state': { virtualServices } }, { lab }) => {
      const routed = virtualServices.filter(({ hosts }) => hosts.includes(lab.hosts[APP_ID]));
      return eachCase([
        ['path', rewrittenOnce('path', rewrites, routed)],
        ['host', rewrittenOnce('host', rewrites, routed)],
      ]);
    },
  }),
];

function negotiated(record: ProxyRecord | undefined): Verdict {
  if (record === undefined) return unknown('NO_RECORD', 'the gateway has no record of the request');
  const { downstream_tls_version: version, downstream_tls_cipher: cipher } = record;
  return meetsFloor(version, 'TLSv1.3')
    ? pass(words(version, cipher))
    : fail('EGW_TLS_TOO_OLD', `the edge and the gateway negotiated ${version ?? 'no TLS'}, expected TLSv1.3`);
}

/** Those that there are. */
function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

function gatewayOverlap(client: TlsOffer, proxies: Proxies, lab: Lab): Verdict {
  const gateway = proxyOf(proxies, 'gateway');
  const socket = gateway === undefined ? undefined : publicSocket(gateway, lab);
  if (socket === undefined) return unknown('NO_PROXIES', 'the gateway runs no TLS listener for the zone');
  return overlap(client, configured(socket), 'the edge', 'the gateway', 'EGW_NO_COMMON_TLS');
}

/** The socket of the chain that serves the public host, and not one that was put beside it. */
function publicSocket({ listeners }: ProxySeen, lab: Lab): TlsSocket | undefined {
  return listeners
    .flatMap(({ chains }) => chains)
    .filter(({ match: { serverNames } }) =>
      serverNames.some((name) => name === lab.hosts[APP_ID] || name === `*.${lab.domain}`),
    )
    .flatMap(({ socket }) => (socket.kind === 'tls' ? [socket] : []))[0];
}

/** An Envoy’s configuration, with Envoy’s own choice where it is silent. */
function configured({ minVersion, maxVersion, ciphers, groups, alpn }: TlsSocket): TlsOffer {
  return {
    versions: versionRange(minVersion ?? 'TLSv1.2', maxVersion),
    // Suites of TLS 1.3 cannot be chosen.
    ciphers: ciphers.length === 0 ? ENVOY_OFFER.ciphers : [...TLS13_SUITES, ...ciphers],
    groups: groups.length === 0 ? ENVOY_OFFER.groups : groups,
    alpn,
  };
}

/** What was tried and taken, one at a time. */
function takenBy({ versions, ciphers, groups, alpn }: ForcedHandshakes): TlsOffer {
  const taken = (tries: Readonly<Record<string, WireResult>>): readonly string[] =>
    Object.entries(tries).flatMap(([name, wire]) => (wire.ended === 'data' ? [name] : []));
  return { versions: taken(versions), ciphers: taken(ciphers), groups: taken(groups), alpn: taken(alpn) };
}

type NoCommon = 'EGW_NO_COMMON_TLS' | 'EDGE_NO_COMMON_TLS' | 'MESH_NO_COMMON_TLS';

function overlap(client: TlsOffer, server: TlsOffer, who: string, whom: string, code: NoCommon): Verdict {
  const found: Agreement = agree(client, server);
  return found.kind === 'agreed'
    ? pass(agreementText(found))
    : fail(code, `${who} and ${whom}: ${agreementText(found)}; requests get an empty 502`);
}

/** All that a Go program offers, in one handshake: the very thing that Caddy and istiod do. */
function likeTheEdge(tries: ForcedHandshakes, server: 'edge' | 'gateway'): Verdict {
  const { asGo } = tries;
  const code = server === 'gateway' ? 'EGW_NO_COMMON_TLS' : 'EDGE_NO_COMMON_TLS';
  return seeing(judgeLike(asGo, `the ${server}`, takenBy(tries), code), handshakeItem(asGo));
}

function judgeLike(asGo: WireResult, whom: string, taken: TlsOffer, code: NoCommon): Verdict {
  const who = `a client that offers ${whom} the TLS parameters of Go`;
  const unseen = nothingSeen(asGo, who);
  if (unseen !== undefined) return unseen;
  if (asGo.ended === 'refused') return unknown('NOT_REACHED', `${who}: ${wireSeen(asGo)}`);
  const found = agree(GO_OFFER, taken);
  if (asGo.ended !== 'data') return fail(code, `${who}: ${wireSeen(asGo)}; ${agreementText(found)}`);
  return found.kind === 'agreed' && found.version === asGo.protocol
    ? pass(words(asGo.protocol, asGo.cipher, asGo.alpn))
    : fail(
        'TLS_TRIES_DISAGREE',
        `${who} got ${asGo.protocol ?? 'no TLS'}, but with single parameters ${whom} answers: ${agreementText(found)}`,
      );
}

function meshOverlap(proxies: Proxies, lab: Lab, name: typeof APP_ID | typeof INTERNAL_ID): Verdict {
  const caller = proxyOf(proxies, name === APP_ID ? 'gateway' : 'caller');
  const server = proxyOf(proxies, name);
  if (caller === undefined || server === undefined)
    return unknown('NO_PROXIES', `the proxies on both sides of ${name} could not be queried`);
  const { namespace, serviceAccount } = lab.workloads[name];
  const cluster = caller.clusters.find((each) =>
    each.name.endsWith(`|${serviceAccount}.${namespace}.svc.cluster.local`),
  );
  if (cluster === undefined) return unknown('NO_PROXIES', `${caller.pod} has no service ${name}`);
  const client = socketToSidecars(cluster);
  if (client?.kind !== 'tls')
    return fail(
      'MESH_NO_COMMON_TLS',
      `${caller.pod} sends plaintext to ${name}${cluster.rule === undefined ? '' : `, by ${cluster.rule}`}`,
    );
  const inbound = server.listeners
    .filter(({ direction }) => direction === 'inbound')
    .flatMap(({ chains }) => chains)
    .flatMap(({ match, http, socket }) =>
      match.destinationPort !== undefined && http !== undefined && socket.kind === 'tls' ? [socket] : [],
    )[0];
  if (inbound === undefined)
    return fail('MESH_NO_COMMON_TLS', `${server.pod} accepts no HTTP over TLS on any port of ${name}`);
  // Istio’s own protocol names are matched by the filter chain, not negotiated.
  const offer = (socket: TlsSocket): TlsOffer => ({ ...configured(socket), alpn: [] });
  return overlap(offer(client), offer(inbound), caller.pod, server.pod, 'MESH_NO_COMMON_TLS');
}

function rewrittenOnce(
  of: 'path' | 'host',
  edge: readonly { readonly of: string; readonly to: string }[],
  routed: readonly VirtualServiceSeen[],
): Verdict {
  const first = edge.find((one) => one.of === of);
  const second = routed.flatMap(({ name, rewrites }) =>
    rewrites.filter((one) => one.of === of).map(({ to }) => ({ name, to })),
  )[0];
  if (first === undefined || second === undefined)
    return pass(first === undefined ? undefined : `to ${first.to}`);
  return warn(
    'EGW_REWRITTEN_TWICE',
    `Caddy rewrites the ${of} to ${first.to}, and VirtualService ${second.name} rewrites it to ${second.to}`,
    [`meshdev kubectl get virtualservice -n ${second.name.replace('/', ' ')} -o yaml`, 'meshdev up'],
  );
}
