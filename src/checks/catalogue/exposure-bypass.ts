import { EDGE_ADMIN_SOCKET } from '../../edge/edge-files.ts';
import type { Lab } from '../../topology/lab.ts';
import { bypassCheck, bypassVerdicts } from '../bypass-verdict.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import { wireSeen } from '../describe.ts';
import type { PublishedListener } from '../../evidence/exposure.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { Bypass } from '../../evidence/bypass.ts';
import type { PartsState } from '../../evidence/components.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** 0600: whoever may write to the socket may rewrite the edge. */
const ADMIN = `unix/${EDGE_ADMIN_SOCKET}|0600`;

/** Ways around the chain, tried from a pod without sidecar and from a container beside the edge. */
export const BYPASS_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EXPO-002',
    title:
      'the node port, service and pod of the gateway return nothing to a client without the certificate of the edge',
    impact: 'a client can bypass the edge',
    hint: '`meshdev check MD-EGW-008`',
    hop: 'edge->gateway',
    polarity: 'negative',
    refuser: 'gateway',
    control: 'MD-EGW-003',
    blocking: false,
    evidence: ['bypass'],
    judge: ({ bypass }, { lab }) =>
      bypassCheck(bypass, 'MD-EXPO-002', { ports: lab, open: 'EXPO_GATEWAY_OPEN' }),
  }),
  defineCheck({
    id: 'MD-EXPO-003',
    title: 'the admin API of Caddy listens only on its private socket, and refuses requests of web pages',
    impact: 'other programs can reconfigure the edge',
    hint: '`admin` in the Caddyfile',
    hop: 'lab',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['bypass'],
    judge: ({ bypass }, { lab }) =>
      eachCase([
        ['socket', onSocket(bypass.adminSocket.own)],
        ['cross-origin', crossOrigin(bypass.adminSocket)],
        ...bypassVerdicts(bypass, 'MD-EXPO-003', { ports: lab, open: 'EXPO_ADMIN_OPEN' }),
      ]),
  }),
  defineCheck({
    id: 'MD-EXPO-004',
    title: 'the plaintext and debug ports of istiod return nothing to pods',
    impact: 'a pod can read configuration and certificates without a credential',
    hint: '`meshdev kubectl get deployment -n istio-system istiod -o yaml`',
    hop: 'lab',
    polarity: 'negative',
    refuser: 'istiod',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['bypass'],
    judge: ({ bypass }, { lab }) =>
      bypassCheck(bypass, 'MD-EXPO-004', { ports: lab, open: 'EXPO_ISTIOD_OPEN' }),
  }),
  defineCheck({
    id: 'MD-EXPO-005',
    title: 'the admin and metrics ports of the proxies return only what the allow list permits',
    impact: 'a pod can read certificates and configuration of the proxies',
    hint: '`meshdev docs checks`, “What is open on purpose”',
    hop: 'lab',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['bypass'],
    judge: ({ bypass }, { lab }) =>
      bypassCheck(bypass, 'MD-EXPO-005', { ports: lab, open: 'EXPO_PROXY_OPEN' }),
  }),
  defineCheck({
    id: 'MD-EXPO-006',
    title: 'kubelet, API server and etcd refuse the non-mesh client',
    impact: 'a pod can take over the cluster',
    hint: 'the settings of kubelet and API server in the node',
    hop: 'lab',
    polarity: 'negative',
    refuser: 'api',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['bypass'],
    judge: ({ bypass }, { lab }) =>
      bypassCheck(bypass, 'MD-EXPO-006', { ports: lab, open: 'EXPO_CLUSTER_OPEN' }),
  }),
  defineCheck({
    id: 'MD-EXPO-007',
    title: 'no client can bypass the edge to reach the IdP',
    impact: 'an attacker can read logins on the network, or use the IdP under another name',
    hint: '`docker port meshdev-demo-idp`, `docker inspect meshdev-demo-idp`',
    hop: 'edge->idp',
    polarity: 'negative',
    refuser: 'idp',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['listeners', 'parts', 'bypass'],
    judge: ({ listeners, parts, bypass }, { lab }) =>
      eachCase([
        ['published', publishedNowhere(listeners, lab)],
        ['networks', withTheEdgeAlone(parts, lab)],
        ...bypassVerdicts(bypass, 'MD-EXPO-007', { ports: lab, open: 'EXPO_IDP_PUBLISHED' }),
      ]),
  }),
];

/** Its own answer to where it listens, asked there. */
function onSocket(own: WireResult): Verdict {
  if (own.ended === 'refused')
    return fail(
      'EXPO_ADMIN_OPEN',
      `no process listens on the socket ${EDGE_ADMIN_SOCKET}: the admin API listens elsewhere`,
    );
  const unseen = nothingSeen(own, 'the admin API on its socket');
  if (unseen !== undefined) return unseen;
  const seen = own.body.trim();
  return own.status === 200 && seen === JSON.stringify(ADMIN)
    ? pass(ADMIN)
    : fail('EXPO_ADMIN_OPEN', `the admin API of Caddy reports that it listens on ${seen}, expected ${ADMIN}`);
}

/** A page in somebody's browser always says where it comes from. */
function crossOrigin({ own, crossOrigin: page }: Bypass['adminSocket']): Verdict {
  if (own.status !== 200)
    return unknown('CONTROL_NOT_GREEN', `the request of meshdev on the socket: ${wireSeen(own)}`);
  const unseen = nothingSeen(page, 'a request of a web page to the admin API');
  if (unseen !== undefined) return unseen;
  return page.status === 403
    ? pass('403 to a foreign Origin')
    : fail('EXPO_ADMIN_OPEN', `a request with a foreign Origin should get 403, but ${wireSeen(page)}`);
}

function publishedNowhere(listeners: readonly PublishedListener[], lab: Lab): Verdict {
  if (listeners.length === 0) return unknown('EXPO_NO_LISTENER', 'the engine publishes no port of this lab');
  const open = listeners.filter((listener) => listener.container === lab.containers.idp);
  return open.length === 0
    ? pass()
    : fail(
        'EXPO_IDP_PUBLISHED',
        open.map((listener) => `the IdP is published on ${listener.address}:${listener.port}`).join(' · '),
      );
}

/** Between networks the engine drops, and silence proves nothing: who shares one with the IdP does. */
function withTheEdgeAlone({ containers }: PartsState, { containers: { idp, edge } }: Lab): Verdict {
  const networks = containers.find(({ name }) => name === idp)?.networks ?? [];
  if (networks.length === 0) return unknown('NOT_REACHED', 'the IdP is in no network');
  const beside = containers.filter(
    (one) => one.name !== idp && one.name !== edge && one.networks.some((name) => networks.includes(name)),
  );
  return beside.length === 0
    ? pass(networks.join(', '))
    : fail(
        'EXPO_IDP_PUBLISHED',
        `the IdP shares a network with ${beside.map(({ name }) => name).join(', ')}, expected only the edge`,
      );
}
