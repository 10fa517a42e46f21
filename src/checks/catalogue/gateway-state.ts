import { APP_ID } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import type { Lab } from '../../topology/lab.ts';
import { type AnyCheck, type Cases, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { requestSeen, wireSeen } from '../describe.ts';
import { exchangeItem, handshakeItem } from '../evidence-item.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { ClusterState } from '../../evidence/cluster-state.ts';
import { type FilterChain, type Proxies, proxyOf, type ProxySeen } from '../../evidence/proxies.ts';
import type { TlsOffers } from '../../evidence/tls-offers.ts';
import {
  type HostRoute,
  isServiceOf,
  LISTENER_PORT,
  oneOwner,
  ownRoute,
  publicChains,
} from '../host-routes.ts';
import { LISTENER_SETTINGS } from '../listener-settings.ts';
import { refusedWithoutData, nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** Istio's own, readiness and metrics: what they may give is the business of MD-EXPO-005. */
const AGENT_PORTS: readonly number[] = [15021, 15090];

export const GATEWAY_STATE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-GW-001',
    title: 'the gateway is ready and runs its TLS listener',
    impact: 'the pod is not scheduled, or the proxy has no listener',
    hint: '`meshdev kubectl -n istio-ingress describe pod`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: true,
    evidence: ['cluster.state', 'proxies'],
    judge: ({ 'cluster.state': state, proxies }) =>
      eachCase([
        ['endpoints', endpointsReady(state)],
        ['listener', listenerLive(proxies)],
      ]),
  }),
  defineCheck({
    id: 'MD-GW-003',
    title: 'gateway and sidecars have acknowledged the latest configuration of istiod',
    impact: 'an old policy is in effect',
    hint: '`istioctl proxy-status`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['proxies'],
    judge: ({ proxies }) => acknowledged(proxies),
  }),
  defineCheck({
    id: 'MD-GW-004',
    title: 'each public host has exactly one route, to its own service',
    impact: 'a host has no route, a wrong backend, or two VirtualServices',
    hint: 'the VirtualServices that the message names',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['proxies', 'cluster.state', 'walks'],
    judge: ({ proxies, 'cluster.state': state, walks }, { lab }) =>
      eachCase([
        ['owner', oneOwner(state, lab.hosts[APP_ID])],
        ['route', ownRoute(proxyOf(proxies, 'gateway'), sampleRoute(lab))],
        ['request', routedHome(walks[WALK.adminRead], lab)],
      ]),
  }),
  defineCheck({
    id: 'MD-GW-006',
    title: 'a request with the SNI of host A and the Host of B never reaches B through the listener of A',
    impact: 'the gateway evaluates the policy of one listener for another host',
    hint: 'the servers of the Gateway object: one for the zone',
    hop: 'edge->gateway',
    polarity: 'negative',
    refuser: 'gateway',
    control: 'MD-EGW-003',
    blocking: false,
    evidence: ['tls.offers', 'proxies'],
    judge: ({ 'tls.offers': offers, proxies }, { lab }) =>
      eachCase([
        ['other-server', crossed(offers, proxies, lab)],
        [
          'foreign-name',
          refusedWithoutData(
            offers.foreignSni,
            `an SNI outside the zone with Host ${lab.hosts[APP_ID]}`,
            'GW_SNI_CATCH_ALL',
          ),
        ],
      ]),
  }),
  defineCheck({
    id: 'MD-GW-007',
    title:
      'the gateway runs one listener; it requires the client identity by name, sets XFCC itself, trusts one hop and normalizes paths',
    impact: 'the configuration of the running proxy differs from the objects',
    hint: 'the setting that the message names; `istioctl proxy-config listener`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['proxies'],
    judge: ({ proxies }, { lab }) => listenerSettings(proxies, lab),
  }),
  defineCheck({
    id: 'MD-GW-008',
    title: 'the admission webhook rejects an invalid object',
    impact: 'istiod is not ready, or fails open: the cluster would store an invalid rule without an error',
    hint: '`meshdev kubectl get validatingwebhookconfigurations`',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['cluster.state'],
    judge: ({ 'cluster.state': { invalidObject } }) => {
      const { kind, told } = invalidObject;
      if (kind === 'refused') return pass(told.slice(0, 120));
      return kind === 'unreachable'
        ? fail('GW_WEBHOOK_UNREACHABLE', `the webhook could not be reached: ${told}`)
        : fail('GW_WEBHOOK_OPEN', `an invalid Gateway was not refused by Istio: ${told}`);
    },
  }),
];

function endpointsReady({ gatewayPods, gatewayEndpoints }: ClusterState): Verdict {
  const trouble = gatewayPods.flatMap((pod) => pod.trouble ?? []);
  if (gatewayEndpoints.length > 0) return pass(gatewayEndpoints.join(', '));
  return fail('GW_NOT_READY', `no ready endpoint: ${trouble.join(' · ') || 'the gateway has no pod'}`);
}

function listenerLive(proxies: Proxies): Verdict {
  const gateway = proxyOf(proxies, 'gateway');
  if (gateway === undefined) {
    const unseen = proxies.unseen.find(({ workload }) => workload === 'gateway');
    return unknown(
      'NO_PROXIES',
      `the proxy of the gateway could not be queried: ${unseen?.because ?? 'not seen'}`,
    );
  }
  const chains = tlsChains(gateway);
  return chains.length > 0
    ? pass(`${LISTENER_PORT}, ${chains.length} chain(s)`)
    : fail('GW_NO_LISTENER', `${gateway.pod} runs no TLS listener on ${LISTENER_PORT}`);
}

function tlsChains(gateway: ProxySeen): readonly FilterChain[] {
  return publicChains(gateway).filter(({ socket }) => socket.kind === 'tls');
}

function acknowledged({ proxies, unseen }: Proxies): Verdict | Cases {
  return eachCase([
    ...proxies.map(({ workload, pod, rejected, sync }): readonly [string, Verdict] => [
      workload ?? pod,
      acknowledgedBy(pod, rejected, sync),
    ]),
    ...unseen.map(({ workload, pod, because }): readonly [string, Verdict] => [
      workload ?? pod,
      unknown('NO_PROXIES', `the proxy of ${pod} could not be queried: ${because}`),
    ]),
  ]);
}

function acknowledgedBy(pod: string, rejected: ProxySeen['rejected'], sync: ProxySeen['sync']): Verdict {
  const [first] = rejected;
  if (first !== undefined)
    return fail('GW_UPDATE_REJECTED', `${pod} rejected ${first.resource}: ${first.reason.slice(0, 300)}`);
  if (sync === undefined || sync.length === 0)
    return unknown('NO_SYNC_STATE', `istiod does not report the configuration that it sent to ${pod}`);
  const behind = sync.filter(({ sent, acked }) => sent !== acked);
  return behind.length === 0
    ? pass(`${sync.length} kinds`)
    : unknown(
        'GW_NOT_ACKNOWLEDGED',
        `${pod} has not acknowledged ${behind.map(({ type }) => type).join(', ')} yet`,
      );
}

function sampleRoute({ hosts, workloads: { [APP_ID]: app } }: Lab): HostRoute {
  return { host: hosts[APP_ID], to: `${app.serviceAccount}.${app.namespace}.svc.cluster.local` };
}

function routedHome(traced: TracedRequest, lab: Lab): Verdict {
  const cluster = traced.gateway?.upstream_cluster;
  const verdict =
    traced.gateway === undefined
      ? unknown('NO_RECORD', `the gateway has no record of the request: ${requestSeen(traced)}`)
      : cluster !== undefined && isServiceOf(cluster, sampleRoute(lab).to)
        ? pass(cluster)
        : fail(
            'GW_OTHER_BACKEND',
            `the request went to ${cluster?.replace(/;$/, '') ?? 'no cluster'}; ${requestSeen(traced)}`,
          );
  return seeing(verdict, exchangeItem(traced));
}

/** With one server for the zone there is no other listener; where there are two, they must not share hosts. */
function crossed({ crossed: wire }: TlsOffers, proxies: Proxies, lab: Lab): Verdict {
  const who = `SNI unserved.${lab.domain} with Host ${lab.hosts[APP_ID]}`;
  return seeing(judgeCrossed(who, wire, chainNames(proxies, lab)), handshakeItem(wire));
}

function judgeCrossed(
  who: string,
  wire: TlsOffers['crossed'],
  chains: readonly (string | undefined)[],
): Verdict {
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.ended === 'refused') return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
  if (new Set(chains).size === 1 && chains[0] !== undefined) return pass('one server for the whole zone');
  return wire.headers['x-envoy-upstream-service-time'] === undefined
    ? pass(wireSeen(wire))
    : fail(
        'GW_CROSSED',
        `${who} was forwarded to the app with the TLS settings of another server: ${wireSeen(wire)}`,
      );
}

/** Which chain each of the two names meets, by the most exact match, as Envoy picks. */
function chainNames(proxies: Proxies, lab: Lab): readonly (string | undefined)[] {
  const gateway = proxyOf(proxies, 'gateway');
  const chains = gateway === undefined ? [] : tlsChains(gateway);
  const pick = (host: string): string | undefined =>
    [host, `*.${lab.domain}`].flatMap((wanted) =>
      chains.some(({ match }) => match.serverNames.includes(wanted)) ? [wanted] : [],
    )[0];
  return [pick(lab.hosts[APP_ID]), pick(`unserved.${lab.domain}`)];
}

function listenerSettings(proxies: Proxies, lab: Lab): Verdict | Cases {
  const gateway = proxyOf(proxies, 'gateway');
  if (gateway === undefined) return unknown('NO_PROXIES', 'the gateway’s listeners could not be read');
  const chains = publicChains(gateway);
  if (chains.length === 0) return unknown('NO_PROXIES', `${gateway.pod} has no listener on ${LISTENER_PORT}`);
  return eachCase([
    ['only-one', onlyListener(gateway)],
    ...LISTENER_SETTINGS.map(({ id, wrong }): readonly [string, Verdict] => {
      const seen = chains.flatMap((chain) => wrong(chain, lab) ?? []);
      return [
        id,
        seen.length === 0
          ? pass()
          : fail(
              'GW_LISTENER_SETTING',
              `a filter chain of ${gateway.pod} on ${LISTENER_PORT} ${seen.join(' · ')}`,
            ),
      ];
    }),
  ]);
}

/** A second way in has rules of its own, and leads to the same app under the gateway's identity. */
function onlyListener({ pod, listeners }: ProxySeen): Verdict {
  const others = listeners.filter(
    ({ address, port }) => !address.startsWith('127.') && ![LISTENER_PORT, ...AGENT_PORTS].includes(port),
  );
  const names = others.map(({ address, port }) => `${address}:${port}`);
  return others.length === 0
    ? pass()
    : fail('GW_LISTENER_SETTING', `${pod} also listens on ${names.join(', ')}`);
}
