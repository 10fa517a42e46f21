import { APP_ID } from '../../sample/names.ts';
import type { Lab } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { handshakeItem } from '../evidence-item.ts';
import { chainVerdict, namesVerdict } from '../certificates.ts';
import { wireSeen } from '../describe.ts';
import { hostCases } from '../hosts.ts';
import type { EdgeRunning } from '../../evidence/edge-state.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { refusedWithAlert, nothingSeen } from '../refusal.ts';
import { meetsFloor } from '../tls-version.ts';
import type { Verdict } from '../verdict.ts';

export const EDGE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EDGE-001',
    title: 'each public name completes a TLS 1.3 handshake and returns data',
    impact: 'the edge does not run, or its port or a site is missing',
    hint: '`docker logs meshdev-demo-edge`',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: true,
    evidence: ['edge.wire'],
    judge: ({ 'edge.wire': { [APP_ID]: app, auth } }, { lab }) =>
      eachCase([
        [APP_ID, serving(app, lab.hosts[APP_ID], lab)],
        ['auth', serving(auth, lab.hosts.auth, lab)],
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-002',
    title: 'the certificate chain is complete, in order, and ends only in the edge root of this lab',
    impact: 'a server of another CA listens on the port, or clients without the intermediate fail',
    hint: '`meshdev status`',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: true,
    evidence: ['edge.wire', 'anchors'],
    judge: ({ 'edge.wire': { [APP_ID]: app, auth }, anchors }, { at }) =>
      eachCase(
        Object.entries({ [APP_ID]: app, auth }).map(([host, wire]) => [
          host,
          seeing(
            chainVerdict(
              { presented: wire.peerChain, anchors: [anchors.edgeRootPem], at, purpose: 'serverAuth' },
              'the edge',
            ),
            handshakeItem(wire),
          ),
        ]),
      ),
  }),
  defineCheck({
    id: 'MD-EDGE-003',
    title: 'the leaf certificate has the requested host as a SAN',
    impact: 'browsers refuse the name',
    hint: '`meshdev status`',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.wire'],
    judge: ({ 'edge.wire': { [APP_ID]: app, auth } }, { lab }) =>
      eachCase([
        [APP_ID, namesVerdict(app.peerChain, lab.hosts[APP_ID])],
        ['auth', namesVerdict(auth.peerChain, lab.hosts.auth)],
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-007',
    title: 'ALPN negotiates h2 and http/1.1; the edge does not offer h3, because it publishes no UDP port',
    impact: 'browsers wait for QUIC, or h2 clients fall back to http/1.1',
    hint: '`protocols` in the Caddyfile',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.wire'],
    judge: ({ 'edge.wire': { [APP_ID]: app, http1, auth } }) => {
      const unseen =
        nothingSeen(app, 'a client that offers h2') ?? nothingSeen(http1, 'a client that offers http/1.1');
      if (unseen !== undefined) return unseen;
      const h3 = [app, http1, auth]
        .map((wire) => wire.headers['alt-svc'])
        .find((offer) => offer !== undefined && /\bh3\b/.test(offer));
      if (h3 !== undefined)
        return fail('EDGE_H3_OFFERED', `the edge offers ${h3}, but no process listens on UDP`);
      const seen = [app.alpn, http1.alpn].map((alpn) => alpn ?? 'none');
      return seen.join() === 'h2,http/1.1'
        ? pass()
        : fail('EDGE_ALPN', `requested h2 and got ${seen[0]}, requested http/1.1 and got ${seen[1]}`);
    },
  }),
  defineCheck({
    id: 'MD-EDGE-008',
    title: 'the edge refuses TLS versions below the minimum',
    impact: 'the edge accepts a legacy protocol',
    hint: '`tls` in the Caddyfile',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-EDGE-001',
    blocking: false,
    evidence: ['edge.wire'],
    judge: ({ 'edge.wire': { tls12 } }) =>
      refusedWithAlert(
        tls12,
        ['protocol_version'],
        'a client that supports at most TLS 1.2',
        'EDGE_TLS_TOO_OLD',
      ),
  }),
  defineCheck({
    id: 'MD-EDGE-009',
    title: 'the edge refuses a handshake with an unknown SNI, and without SNI',
    impact: 'a catch-all certificate exists',
    hint: 'the sites in the Caddyfile',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-EDGE-001',
    blocking: false,
    evidence: ['edge.wire'],
    judge: ({ 'edge.wire': { unknownSni, noSni } }) =>
      eachCase([
        ['unknown-name', nameless(unknownSni, 'a client that requests an unknown name')],
        ['no-name', nameless(noSni, 'a client without SNI')],
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-010',
    title:
      'a request with the SNI of one host and the Host of another, or with an unknown Host, gets 421, never an empty 200',
    impact: 'the edge applies the policy of one host to another, or an unknown host appears healthy',
    hint: '`strict_sni_host`',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-EDGE-001',
    blocking: false,
    evidence: ['edge.wire', 'edge.running', 'host.walks'],
    judge: (
      { 'edge.wire': { crossed, unknownHost }, 'edge.running': running, 'host.walks': pairs },
      { lab },
    ) =>
      eachCase([
        ['crossed', misdirected(crossed, `SNI ${lab.hosts[APP_ID]} with Host ${lab.hosts.auth}`)],
        ['unknown-host', misdirected(unknownHost, 'an unknown Host')],
        ['setting', strictSni(running)],
        ...hostCases(pairs, lab),
      ]),
  }),
];

function serving(wire: WireResult, name: string, lab: Lab): Verdict {
  const unseen = nothingSeen(wire, name);
  if (unseen !== undefined) return unseen;
  const verdict =
    wire.ended === 'data' && meetsFloor(wire.protocol, 'TLSv1.3')
      ? pass(`${name} ${wire.protocol}`)
      : fail(
          'EDGE_NOT_SERVING',
          `${name} on 127.0.0.1:${lab.httpsPort}: ${wireSeen(wire)}, ${wire.protocol ?? 'no TLS'}`,
        );
  return seeing(verdict, handshakeItem(wire));
}

function nameless(wire: WireResult, who: string): Verdict {
  return refusedWithAlert(wire, ['internal_error', 'unrecognized_name'], who, 'EDGE_CATCH_ALL_CERTIFICATE');
}

/** By the edge itself: `via` says that somebody behind it answered. */
function misdirected(wire: WireResult, what: string): Verdict {
  if (wire.status === undefined) return unknown('NO_ANSWER', `${what}: ${wireSeen(wire)}`);
  if (wire.status !== 421)
    return fail('EDGE_NOT_MISDIRECTED', `${what} got HTTP ${wire.status}, expected 421`);
  const via = wire.headers['via'];
  return via === undefined
    ? pass('421')
    : fail('REFUSED_ELSEWHERE', `${what} got 421, but from behind the edge (via ${via})`);
}

/** A second opinion: two names on one connection that were not tried are decided by this setting. */
function strictSni({ strictSni: strict }: EdgeRunning): Verdict {
  return strict
    ? pass('strict_sni_host')
    : fail(
        'EDGE_SNI_NOT_STRICT',
        'Caddy answers 421, but its running configuration does not compare SNI with Host (strict_sni_host)',
      );
}
