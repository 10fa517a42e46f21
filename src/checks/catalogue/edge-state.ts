import { APP_ID } from '../../sample/names.ts';
import { fingerprintsOf } from '../../trust/fingerprints.ts';
import {
  type AnyCheck,
  type Cases,
  defineCheck,
  eachCase,
  fail,
  pass,
  seeing,
  skip,
  unknown,
} from '../check.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { EdgeDial, EdgeState } from '../../evidence/edge-state.ts';
import type { RealClient } from '../../evidence/real-clients.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** What Caddy listens on, serves and dials, and what programs of this machine say to it. */
export const EDGE_STATE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EDGE-011',
    title: 'the plain HTTP port, if published, redirects and never proxies',
    impact: 'a client can reach the app in cleartext',
    hint: 'servers without TLS in the running configuration of Caddy',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.state'],
    judge: ({ 'edge.state': { plain } }) =>
      eachCase(plain.map(({ port, wire }) => [`port-${port}`, plainVerdict(port, wire)])),
  }),
  defineCheck({
    id: 'MD-EDGE-012',
    title: 'the edge serves the last issued certificate',
    impact: 'an old certificate is still in memory, or another process listens on the port',
    hint: '`/data/caddy/certificates` in the container of the edge',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.wire', 'edge.state'],
    judge: ({ 'edge.wire': { [APP_ID]: app, auth }, 'edge.state': { stored } }, { lab }) =>
      eachCase([
        [APP_ID, servedIsStored(app, stored[lab.hosts[APP_ID]], lab.hosts[APP_ID])],
        ['auth', servedIsStored(auth, stored[lab.hosts.auth], lab.hosts.auth)],
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-013',
    title:
      'the real clients on this machine accept the edge with the edge root, and refuse it without the root',
    impact: 'some programs refuse the edge, or trust it without the root',
    hint: 'the output of the client in the message',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['real.clients'],
    judge: ({ 'real.clients': clients }) => eachCase(clients.map((client) => [client.name, agrees(client)])),
  }),
];

export const EDGE_REACH_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EGW-001',
    title: 'the edge connects to the gateway by its name',
    impact: 'the address of the node changed, or its port is closed: every request gets a 502',
    hint: '`docker logs meshdev-demo-edge`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: true,
    evidence: ['edge.state'],
    judge: ({ 'edge.state': state }) => reaches(state),
  }),
];

const REDIRECTS = new Set([301, 302, 307, 308]);

/** Nobody listening is as good as a redirect: there is no way in. */
function plainVerdict(port: number, wire: WireResult): Verdict {
  const what = `plain HTTP on port ${port} of the edge`;
  return seeing(judgePlain(what, wire), handshakeItem(wire));
}

function judgePlain(what: string, wire: WireResult): Verdict {
  if (wire.ended === 'refused') return pass(`no process listens: ${what}`);
  const unseen = nothingSeen(wire, what);
  if (unseen !== undefined) return unseen;
  const location = wire.headers['location'] ?? '';
  if (REDIRECTS.has(wire.status ?? 0) && location.startsWith('https://'))
    return pass(`${wire.status} to ${location}`);
  return fail('EDGE_PLAIN_HTTP', `${what} should redirect to https, but ${wireSeen(wire)}`);
}

function servedIsStored(wire: WireResult, stored: string | undefined, host: string): Verdict {
  const [served] = fingerprintsOf(wire.peerChain[0] ?? '');
  const [issued] = fingerprintsOf(stored ?? '');
  if (served === undefined) return unknown('NO_CERTIFICATE', `the edge served no certificate for ${host}`);
  if (issued === undefined)
    return unknown(
      'NO_CERTIFICATE',
      `the storage of Caddy contains no certificate of ${host}: meshdev cannot compare it`,
    );
  return served === issued
    ? pass(`sha256 ${served.slice(0, 16)}`)
    : fail(
        'EDGE_STALE_CERTIFICATE',
        `${host} is served with sha256 ${served.slice(0, 16)}, but Caddy last issued ${issued.slice(0, 16)}`,
      );
}

function agrees({ name, seen }: RealClient): Verdict {
  if (seen.kind === 'absent') return skip(`${name} was not run: ${seen.because}`);
  if (seen.kind === 'unanswered') return unknown('TIMED_OUT', `${name}: ${seen.because}`);
  if (!seen.accepts.accepted)
    return fail('EDGE_CLIENT_REFUSES', `${name} with the edge root: ${seen.accepts.told}`);
  return seen.withoutAnchor.accepted
    ? fail(
        'EDGE_CLIENT_TRUSTS_ANYBODY',
        `${name} accepts the edge without its root (${seen.withoutAnchor.told}): it does not verify, or the root is installed`,
      )
    : pass(`${seen.accepts.told}; without the root: ${seen.withoutAnchor.told}`);
}

function reaches({ dials, nodeAddresses }: EdgeState): Verdict | Cases {
  if (dials.length === 0)
    return fail('EGW_NO_UPSTREAM', 'the running configuration of Caddy has no upstream in the mesh');
  return eachCase(dials.map((dial, index) => [`dial-${index + 1}`, reachesOne(dial, nodeAddresses)]));
}

/** By name: an address would be another machine’s after the next restart of the engine. */
function reachesOne({ dial, addresses, connected, error }: EdgeDial, nodes: readonly string[]): Verdict {
  const host = dial.slice(0, dial.lastIndexOf(':'));
  if (/^[\d.]+$|^\[/.test(host))
    return fail('EGW_DIALS_ADDRESS', `Caddy connects to ${dial}, an address that changes at the next start`);
  if (addresses.length === 0) return fail('EGW_NAME_UNKNOWN', `the edge cannot resolve ${host} (${dial})`);
  const strangers = addresses.filter((address) => !nodes.includes(address));
  if (strangers.length > 0)
    return fail(
      'EGW_NAME_STALE',
      `${host} is ${addresses.join(', ')} inside the edge; the node has ${nodes.join(', ') || 'no address'}`,
    );
  return connected
    ? pass(`${dial} is ${addresses.join(', ')}`)
    : fail('EGW_NOT_REACHED', `${dial} (${addresses.join(', ')}): ${error ?? 'no connection'}`);
}
