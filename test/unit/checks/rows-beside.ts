import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { InsideName } from '../../../src/evidence/names.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import type { Break } from '../../support/break-evidence.ts';
import { days, make, makeServer } from '../../support/certificates.ts';
import { data, ended } from '../../support/healthy-evidence.ts';
import type { Material } from '../../support/healthy-material.ts';
import { unreachable } from '../../support/wires.ts';
import { row, type Row } from './expected.ts';
import { addressRows } from './rows-addresses.ts';

function edgeState(change: Partial<EvidenceMap['edge.state']>): Break {
  return (all) => ({ ...all, 'edge.state': { ...all['edge.state'], ...change } });
}

function names(change: (seen: EvidenceMap['names']) => Partial<EvidenceMap['names']>): Break {
  return (all) => ({ ...all, names: { ...all.names, ...change(all.names) } });
}

function clocks(change: Partial<EvidenceMap['clocks']>): Break {
  return (all) => ({ ...all, clocks: { ...all.clocks, ...change } });
}

function client(accepts: boolean, withoutAnchor: boolean): Break {
  const told = 'its own words';
  return (all) => ({
    ...all,
    'real.clients': [
      {
        name: 'curl',
        seen: {
          kind: 'tried',
          accepts: { accepted: accepts, told },
          withoutAnchor: { accepted: withoutAnchor, told },
        },
      },
    ],
  });
}

/** Rows of what is looked at beside the traffic: the edge itself, certificates, clocks, names. */
export async function besideRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  return [
    ...edgeRows(lab, material),
    ...(await certificateRows(lab, material)),
    ...clockRows(),
    ...nameRows(lab),
  ];
}

function edgeRows(lab: Lab, { gatewayServer }: Material): readonly Row[] {
  const dial =
    (change: Partial<EvidenceMap['edge.state']['dials'][number]>): Break =>
    (all) =>
      edgeState({ dials: all['edge.state'].dials.map((one) => ({ ...one, ...change })) })(all);
  const plain = (wire: EvidenceMap['edge.wire']['httpbin']): Break =>
    edgeState({ plain: [{ port: 80, wire }] });
  return [
    row('plain HTTP is proxied to the app', plain(data({ status: 200 })), {
      'MD-EDGE-011': 'fail EDGE_PLAIN_HTTP',
    }),
    row(
      'plain HTTP redirects to plain HTTP',
      plain(data({ status: 301, headers: { location: 'http://a' } })),
      {
        'MD-EDGE-011': 'fail EDGE_PLAIN_HTTP',
      },
    ),
    row('plain HTTP is not answered in time', plain(ended('timeout')), {
      'MD-EDGE-011': 'unknown TIMED_OUT',
    }),
    row('the edge’s name is not known where plain HTTP is tried', plain(unreachable('ENOTFOUND')), {
      'MD-EDGE-011': 'unknown NOT_REACHED',
    }),
    row(
      'Caddy issued another certificate than it serves',
      edgeState({ stored: { [lab.hosts.auth]: gatewayServer.certificatePem } }),
      { 'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE' },
    ),
    row('Caddy’s storage is empty', edgeState({ stored: {} }), { 'MD-EDGE-012': 'unknown NO_CERTIFICATE' }),
    row('curl refuses the edge with its root', client(false, false), {
      'MD-EDGE-013': 'fail EDGE_CLIENT_REFUSES',
    }),
    row('curl accepts the edge without its root', client(true, true), {
      'MD-EDGE-013': 'fail EDGE_CLIENT_TRUSTS_ANYBODY',
    }),
    row(
      'a program of this machine does not come to an end',
      (all) => ({
        ...all,
        'real.clients': [{ name: 'java', seen: { kind: 'unanswered', because: 'not within 30 s' } }],
      }),
      { 'MD-EDGE-013': 'unknown TIMED_OUT' },
    ),
    row('the edge dials an address', dial({ dial: '172.18.0.4:30443' }), {
      'MD-EGW-001': 'fail EGW_DIALS_ADDRESS',
    }),
    row('the edge knows no address of the node', dial({ addresses: [] }), {
      'MD-EGW-001': 'fail EGW_NAME_UNKNOWN',
      'MD-NAME-004': 'fail EGW_NAME_STALE',
    }),
    row('the node’s name leads the edge elsewhere', dial({ addresses: ['172.18.0.99'] }), {
      'MD-EGW-001': 'fail EGW_NAME_STALE',
      'MD-NAME-004': 'fail EGW_NAME_STALE',
    }),
    row('the node’s port is closed', dial({ connected: false, error: 'ECONNREFUSED' }), {
      'MD-EGW-001': 'fail EGW_NOT_REACHED',
    }),
    row('the edge dials nobody', edgeState({ dials: [] }), {
      'MD-EGW-001': 'fail EGW_NO_UPSTREAM',
    }),
  ];
}

async function certificateRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  const { edgeIntermediate, meshRoot } = material;
  const [oldLeaf, oldGateway, late, long] = await Promise.all([
    makeServer(lab.hosts.auth, edgeIntermediate, {}, days(-2, -1)),
    makeServer(
      lab.hosts.gateway,
      meshRoot,
      { names: { dns: [lab.hosts.gateway, lab.hosts.httpbin] } },
      days(-2, -1),
    ),
    make({ commonName: 'x', ca: { pathLength: 0 } }, meshRoot, days(-100, 20)),
    makeServer('kubernetes', meshRoot, {}, days(-1, 400)),
  ]);
  const stored =
    (name: string, pem: string | undefined): Break =>
    (all) => ({
      ...all,
      certificates: [...all.certificates, { name, pem }],
    });
  const workload =
    (pem: string | undefined): Break =>
    (all) => ({
      ...all,
      proxies: {
        ...all.proxies,
        proxies: all.proxies.proxies.map((one) =>
          one.workload === 'caller'
            ? {
                ...one,
                secrets: one.secrets.map((secret) => {
                  if (secret.name !== 'default') return secret;
                  const { chainPem: _, ...rest } = secret;
                  return pem === undefined ? rest : { ...rest, chainPem: pem };
                }),
              }
            : one,
        ),
      },
    });
  return [
    row(
      'the edge’s leaf ran out',
      (all) => ({
        ...all,
        'edge.wire': {
          ...all['edge.wire'],
          auth: {
            ...all['edge.wire'].auth,
            peerChain: [oldLeaf.certificatePem, edgeIntermediate.certificatePem],
          },
        },
        'edge.state': {
          ...all['edge.state'],
          stored: { ...all['edge.state'].stored, [lab.hosts.auth]: oldLeaf.certificatePem },
        },
      }),
      {
        'MD-CERT-001': 'fail CERT_EXPIRED',
        'MD-CERT-005': 'fail CERT_EXPIRED',
        'MD-EDGE-002': 'fail CERT_EXPIRED',
      },
    ),
    row(
      'the gateway’s certificate ran out, and is not the one on disk',
      (all) => ({
        ...all,
        'gateway.wire': {
          ...all['gateway.wire'],
          control: { ...all['gateway.wire'].control, peerChain: [oldGateway.certificatePem] },
        },
      }),
      {
        'MD-CERT-002': 'fail CERT_EXPIRED',
        'MD-CERT-005': 'fail CERT_EXPIRED',
        'MD-CERT-006': 'fail CERT_NOT_THE_NEWEST',
        'MD-EGW-004': 'fail CERT_EXPIRED',
      },
    ),
    row('a proxy holds a certificate that ran out', workload(oldLeaf.certificatePem), {
      'MD-CERT-003': 'fail CERT_EXPIRED',
      'MD-CERT-005': 'fail CERT_EXPIRED',
    }),
    row('a proxy holds no certificate', workload(undefined), {
      'MD-CERT-003': 'unknown NO_CERTIFICATE',
      'MD-CERT-005': 'unknown NO_CERTIFICATE',
      'MD-CERT-006': 'unknown NO_CERTIFICATE',
    }),
    row('the cluster’s certificate ran out', stored('kubernetes-apiserver', oldLeaf.certificatePem), {
      'MD-CERT-004': 'fail CERT_EXPIRED',
      'MD-CERT-005': 'fail CERT_EXPIRED',
    }),
    row('no certificate of the cluster was read', stored('kubernetes-apiserver', undefined), {
      'MD-CERT-004': 'unknown NO_CERTIFICATE',
      'MD-CERT-005': 'unknown NO_CERTIFICATE',
      'MD-CERT-006': 'unknown NO_CERTIFICATE',
    }),
    row('a CA has less than thirty days left', stored('istiod-ca-old', late.certificatePem), {
      'MD-CERT-005': 'warn CERT_RENEWAL_LATE',
    }),
    row('the lifetime of a certificate is longer than allowed', stored('kubernetes-x', long.certificatePem), {
      'MD-CERT-006': 'fail CERT_LIVES_TOO_LONG',
    }),
  ];
}

function clockRows(): readonly Row[] {
  const node = (offsetMs: number, roundTripMs: number): Break =>
    clocks({ readings: [{ component: 'node', seen: { kind: 'read', offsetMs, roundTripMs } }] });
  return [
    row('the node’s clock is five seconds ahead', node(5_000, 300), { 'MD-CERT-007': 'fail CLOCK_SKEW' }),
    row('the node’s clock is three seconds behind', node(-3_000, 900), { 'MD-CERT-007': 'fail CLOCK_SKEW' }),
    row(
      'the IdP’s clock cannot be read',
      clocks({ readings: [{ component: 'idp', seen: { kind: 'unread', because: 'stopped' } }] }),
      { 'MD-CERT-007': 'unknown CLOCK_UNREAD' },
    ),
  ];
}

function nameRows(lab: Lab): readonly Row[] {
  const { auth } = lab.hosts;
  const host = (change: Partial<EvidenceMap['names']['host'][string]>): Break =>
    names(({ host: all }) => {
      const own = all[auth];
      return own === undefined ? {} : { host: { ...all, [auth]: { ...own, ...change } } };
    });
  const inside = (place: string, change: Partial<InsideName>): Break =>
    names((seen) => ({
      inside: seen.inside.map((one) =>
        one.place === place && one.name === auth ? { ...one, ...change } : one,
      ),
    }));
  const view = (place: string, change: Partial<EvidenceMap['names']['views'][number]>): Break =>
    names(({ views }) => ({
      views: views.map((one) => (one.place === place ? { ...one, ...change } : one)),
    }));
  const random = (change: Partial<EvidenceMap['names']['random']>): Break =>
    names((seen) => ({ random: { ...seen.random, ...change } }));
  const randomInside = (change: Partial<InsideName>): Break =>
    names((seen) => ({
      random: { ...seen.random, inside: seen.random.inside.map((one) => ({ ...one, ...change })) },
    }));
  const v6 = (code: string): Break =>
    names(() => ({ loopbackV6: { ended: 'unreachable', code, leaf: undefined } }));
  const elsewhere = { addresses: ['203.0.113.7'] };
  const notAsked = { error: 'not asked' };
  return [
    row(
      'a public name is a stranger on this machine',
      host({ system: elsewhere, dotted: elsewhere, curl: elsewhere }),
      {
        'MD-NAME-001': 'fail NAME_NOT_LOOPBACK',
      },
    ),
    row('a dot at the end changes what the name means', host({ dotted: { addresses: ['127.0.0.9'] } }), {
      'MD-NAME-002': 'warn NAME_RESOLVERS_DIFFER',
    }),
    row(
      'in a pod a library answers loopback by itself',
      inside('intruder', { library: { addresses: ['127.0.0.1'] } }),
      {
        'MD-NAME-003': 'fail NAME_NOT_THE_EDGE',
      },
    ),
    row('a pod’s DNS does not know the name', inside('caller', { a: { error: 'ENOTFOUND' } }), {
      'MD-NAME-003': 'fail NAME_UNKNOWN_IN_POD',
    }),
    row(
      'istiod finds the issuer elsewhere',
      names(() => ({ istiod: elsewhere })),
      {
        'MD-NAME-004': 'fail NAME_NOT_THE_EDGE',
      },
    ),
    row(
      'istiod cannot be asked for a name',
      names(() => ({ istiod: { error: 'no pod' } })),
      {
        'MD-NAME-004': 'unknown NAME_NOT_SEEN',
      },
    ),
    row('a pod gets another issuer', view('pod', { issuer: 'https://elsewhere.test' }), {
      'MD-NAME-005': 'fail NAME_SPLIT_HORIZON',
    }),
    row('the edge network meets another certificate', view('edge network', { leaf: 'ab' }), {
      'MD-NAME-005': 'fail NAME_SPLIT_HORIZON',
    }),
    row('a pod gets no answer from the issuer', view('pod', { issuer: undefined }), {
      'MD-NAME-005': 'unknown NO_ANSWER',
    }),
    row(
      'the other family of loopback is another program',
      names(() => ({ loopbackV6: { ended: 'data', code: undefined, leaf: 'cd' } })),
      {
        'MD-NAME-006': 'fail NAME_OTHER_LISTENER',
      },
    ),
    row('this machine has no IPv6', v6('EADDRNOTAVAIL'), {}),
    row('the other family of loopback could not be dialled', v6('EMFILE'), {
      'MD-NAME-006': 'unknown NAME_NOT_SEEN',
    }),
    row('nobody was met at the addresses of a name', host({ met: {} }), {
      'MD-NAME-006': 'unknown NAME_NOT_SEEN',
    }),
    ...['TIMEOUT', 'ESERVFAIL', 'EREFUSED', 'not asked'].map((error) =>
      row(`a pod’s question for AAAA records ends in ${error}`, inside('caller', { aaaa: { error } }), {
        'MD-NAME-006': 'unknown NAME_NOT_SEEN',
      }),
    ),
    row(
      'nobody asked what the names mean inside',
      names(() => ({ inside: [] })),
      { 'MD-NAME-003': 'unknown NO_CASES', 'MD-NAME-006': 'unknown NAME_NOT_SEEN' },
    ),
    ...addressRows(lab),
    row('a pod gets an AAAA record', inside('caller', { aaaa: { addresses: ['fd00::1'] } }), {
      'MD-NAME-006': 'fail NAME_OTHER_LISTENER',
    }),
    row(
      'a hosts line sends a name elsewhere',
      names(() => ({ hostsLines: [`203.0.113.7 ${auth}`] })),
      {
        'MD-NAME-007': 'fail NAME_CAUGHT',
      },
    ),
    row('a wildcard of this machine catches names that nobody made', random({ host: elsewhere }), {
      'MD-NAME-007': 'fail NAME_CAUGHT',
    }),
    row('this machine’s resolver was not asked for a name that nobody made', random({ host: notAsked }), {
      'MD-NAME-007': 'unknown NAME_NOT_SEEN',
    }),
    row('a pod’s library was not asked for a name that nobody made', randomInside({ library: notAsked }), {
      'MD-NAME-007': 'unknown NAME_NOT_SEEN',
    }),
    row('a pod’s DNS server was not asked for a name that nobody made', randomInside({ a: notAsked }), {
      'MD-NAME-007': 'unknown NAME_NOT_SEEN',
    }),
    row('the cluster’s DNS answers for names that nobody made', randomInside({ a: elsewhere }), {
      'MD-NAME-007': 'fail NAME_CAUGHT',
    }),
  ];
}
