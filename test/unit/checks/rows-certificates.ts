import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type {
  EdgeDecoys,
  IssuerDecoys,
  ServerProbe,
  Shown,
  UpstreamDecoys,
} from '../../../src/evidence/bad-certificates.ts';
import { keySpecs } from '../../../src/keys/key-specs.ts';
import type { CertificateSpec } from '../../../src/ports/certificate-authority.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import { type Break, edgeWire, gatewayWire, sidecarWire } from '../../support/break-evidence.ts';
import { make, makeServer } from '../../support/certificates.ts';
import type { Material } from '../../support/healthy-material.ts';
import { data, ended } from '../../support/wires.ts';
import { row, type Row, uncontrolled } from './expected.ts';

export async function certificateRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  return [
    ...(await policyRows(lab, material)),
    ...clientRows(),
    ...upstreamRows('gateway.twins', 'MD-EGW-013', 'MD-EGW-014', 'EGW'),
    ...upstreamRows('sidecar.twins', 'MD-MESH-010', 'MD-MESH-019', 'MESH'),
    ...issuerRows(),
    ...recordRows(),
    ...judgeRows(),
  ];
}

/** What is not the certificate that Caddy issued last, and lives longer than the edge's leaves. */
const NEW_LEAF = {
  'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
  'MD-CERT-006': 'fail CERT_LIVES_TOO_LONG',
} as const;

async function policyRows(lab: Lab, { edgeRoot, leaves }: Material): Promise<readonly Row[]> {
  const { certificate } = keySpecs(lab)['edge-intermediate'];
  const presents = (pems: readonly string[]): Break =>
    edgeWire((wires) => ({ ...wires, auth: { ...wires.auth, peerChain: pems } }));
  const policy = async (
    what: string,
    leaf: Partial<CertificateSpec>,
    intermediate: Partial<CertificateSpec>,
  ) => {
    const ca = await make({ ...certificate, ...intermediate }, edgeRoot);
    const server = await makeServer(lab.hosts.auth, ca, leaf);
    return row(what, presents([server.certificatePem, ca.certificatePem]), {
      'MD-EDGE-004': 'fail EDGE_CERTIFICATE_POLICY',
      ...NEW_LEAF,
    });
  };
  const limits = async (what: string, change: Partial<CertificateSpec>) => {
    const ca = await make({ commonName: 'wide', ca: { pathLength: 0 }, ...change }, edgeRoot);
    const server = await makeServer(lab.hosts.auth, ca);
    return row(what, presents([server.certificatePem, ca.certificatePem]), {
      'MD-EDGE-005': 'fail EDGE_UNCONSTRAINED',
      ...NEW_LEAF,
    });
  };
  const { nameConstraints = [] } = certificate;
  return [
    {
      ...(await policy('the edge has a weak key', { key: 'rsa-1024' }, {})),
      reds: {
        'MD-EDGE-002': 'fail CERT_WEAK_KEY',
        'MD-EDGE-004': 'fail EDGE_CERTIFICATE_POLICY',
        ...NEW_LEAF,
      },
    },
    {
      ...(await policy('the edge’s leaf is signed over SHA-1', { hash: 'SHA-1' }, {})),
      reds: {
        'MD-EDGE-002': 'fail CERT_WEAK_SIGNATURE',
        'MD-EDGE-004': 'fail EDGE_CERTIFICATE_POLICY',
        ...NEW_LEAF,
      },
    },
    await policy('the edge’s leaf is a CA too', { ca: { pathLength: 0 } }, {}).then((one) => ({
      ...one,
      reds: {
        'MD-EDGE-002': 'fail CERT_WRONG_KEY_USAGE',
        'MD-EDGE-004': 'fail EDGE_CERTIFICATE_POLICY',
        ...NEW_LEAF,
      } as const,
    })),
    await policy('the edge’s intermediate allows CAs below it', {}, { ca: { pathLength: undefined } }),
    {
      ...(await policy('the edge’s leaf is for clients only', { extendedKeyUsage: ['clientAuth'] }, {})),
      reds: {
        'MD-EDGE-002': 'fail CERT_WRONG_EKU',
        'MD-EDGE-004': 'fail EDGE_CERTIFICATE_POLICY',
        ...NEW_LEAF,
      },
    },
    await limits('the edge’s intermediate may certify anything', {}),
    await limits('the edge’s intermediate may certify another zone too', {
      nameConstraints: [...nameConstraints, { kind: 'dns', value: 'example.test' }],
    }),
    await limits('the edge’s intermediate limits host names only', {
      nameConstraints: nameConstraints.filter(({ kind }) => kind === 'dns'),
    }),
    row('the edge sends no intermediate', presents([leaves.auth.certificatePem]), {
      'MD-EDGE-002': 'fail CERT_UNKNOWN_ISSUER',
    }),
    row(
      'the edge shows nothing at all',
      edgeWire((wires) => ({
        ...wires,
        httpbin: { ...wires.httpbin, peerChain: [] },
        auth: { ...wires.auth, peerChain: [] },
      })),
      {
        'MD-EDGE-002': 'unknown NO_CERTIFICATE',
        'MD-EDGE-003': 'unknown NO_CERTIFICATE',
        'MD-EDGE-004': 'unknown NO_CERTIFICATE',
        'MD-EDGE-005': 'unknown NO_CERTIFICATE',
        'MD-EDGE-012': 'unknown NO_CERTIFICATE',
        'MD-CERT-001': 'unknown NO_CERTIFICATE',
        'MD-CERT-005': 'unknown NO_CERTIFICATE',
        'MD-CERT-006': 'unknown NO_CERTIFICATE',
        'MD-NAME-006': 'unknown NO_CERTIFICATE',
      },
    ),
  ];
}

function edgeDecoys(change: (decoys: EdgeDecoys) => EdgeDecoys): Break {
  return (all) => ({ ...all, 'edge.twins': change(all['edge.twins']) });
}

/** What one client makes of one bad server. */
function opinion(id: string, client: string, accepted: boolean, said: string): Break {
  return edgeDecoys((decoys) => ({
    ...decoys,
    probes: decoys.probes.map((probe) =>
      probe.case.id === id
        ? {
            ...probe,
            opinions: probe.opinions.map((one) => (one.client === client ? { client, accepted, said } : one)),
          }
        : probe,
    ),
  }));
}

function clientRows(): readonly Row[] {
  return [
    row('curl speaks to a server outside the zone', opinion('outside-constraint', 'curl', true, '0'), {
      'MD-EDGE-006': 'fail EDGE_BAD_SERVER_ACCEPTED',
    }),
    row(
      'openssl minds another thing than the zone',
      opinion('outside-constraint', 'openssl', false, '10 x'),
      {
        'MD-EDGE-006': 'fail REFUSED_FOR_OTHER_REASON',
      },
    ),
    row('Node.js speaks to an expired server', opinion('expired', 'node', true, 'data'), {
      'MD-EDGE-015': 'fail EDGE_BAD_SERVER_ACCEPTED',
    }),
    row('curl cannot reach an expired server', opinion('expired', 'curl', false, '7 refused'), {
      'MD-EDGE-015': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('Node.js refuses a stranger for its name', opinion('stranger-ca', 'node', false, 'ERR_TLS_CERT'), {
      'MD-EDGE-015': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row(
      'no bad server was shown to the clients',
      edgeDecoys((decoys) => ({ ...decoys, probes: [] })),
      { 'MD-EDGE-006': 'unknown CASE_NOT_RUN', 'MD-EDGE-015': 'unknown CASE_NOT_RUN' },
    ),
    row(
      'curl refuses an honest server too',
      edgeDecoys((decoys) => ({
        ...decoys,
        control: decoys.control.map((one) => ({ ...one, accepted: one.client !== 'curl' })),
      })),
      { 'MD-EDGE-016': 'fail EDGE_GOOD_SERVER_REFUSED', ...uncontrolled('MD-EDGE-016') },
    ),
    row(
      'our own judge overlooks an expired certificate',
      edgeDecoys((decoys) => ({ ...decoys, probes: decoys.probes.map(overlooked('expired')) })),
      { 'MD-EDGE-015': 'fail CERT_JUDGE_BLIND' },
    ),
  ];
}

type UpstreamKey = 'gateway.twins' | 'sidecar.twins';

function upstream(key: UpstreamKey, change: (decoys: UpstreamDecoys) => UpstreamDecoys): Break {
  return (all: EvidenceMap) => ({ ...all, [key]: change(all[key]) });
}

function served(key: UpstreamKey, id: string, change: Partial<ServerProbe>): Break {
  return upstream(key, (decoys) => ({
    ...decoys,
    probes: decoys.probes.map((probe) => (probe.case.id === id ? { ...probe, ...change } : probe)),
  }));
}

function upstreamRows(
  key: UpstreamKey,
  check: string,
  control: string,
  component: 'EGW' | 'MESH',
): readonly Row[] {
  const accepted = component === 'EGW' ? 'EGW_BAD_GATEWAY_ACCEPTED' : 'MESH_BAD_SERVER_ACCEPTED';
  const refused = component === 'EGW' ? 'EGW_GOOD_GATEWAY_REFUSED' : 'MESH_GOOD_SERVER_REFUSED';
  const seen = { connections: 1, requests: 1 };
  return [
    row(
      `${key}: a stranger is served a request`,
      served(key, 'stranger-ca', { answer: data({ status: 200 }), seen }),
      { [check]: `fail ${accepted}` },
    ),
    row(`${key}: an expired server gets a request, whatever was answered`, served(key, 'expired', { seen }), {
      [check]: `fail ${accepted}`,
    }),
    row(
      `${key}: another name is refused for its CA`,
      served(key, 'wrong-name', { record: 'verify failed: something else' }),
      { [check]: 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row(`${key}: nobody says why a stranger was refused`, served(key, 'stranger-ca', { record: undefined }), {
      [check]: 'unknown NO_RECORD',
    }),
    row(
      `${key}: nobody came to the stranger`,
      served(key, 'stranger-ca', { seen: { connections: 0, requests: 0 } }),
      { [check]: 'unknown NOT_REACHED' },
    ),
    row(
      `${key}: the stranger could not listen`,
      served(key, 'stranger-ca', { seen: { connections: 0, requests: 0, error: 'EADDRINUSE' } }),
      { [check]: 'unknown NO_RECORD' },
    ),
    row(`${key}: the stranger says nothing`, served(key, 'stranger-ca', { seen: undefined }), {
      [check]: 'unknown NO_RECORD',
    }),
    row(`${key}: no answer about the stranger`, served(key, 'stranger-ca', { answer: ended('timeout') }), {
      [check]: 'unknown TIMED_OUT',
    }),
    row(
      `${key}: no bad server was shown`,
      upstream(key, (decoys) => ({
        ...decoys,
        probes: decoys.probes.filter((probe) => probe.case.tolerable),
      })),
      { [check]: 'unknown CASE_NOT_RUN' },
    ),
    row(
      `${key}: an honest server is refused too`,
      upstream(key, (decoys) => ({
        ...decoys,
        control: { answer: data({ status: 502 }), seen: { connections: 1, requests: 0 }, record: 'no' },
      })),
      { [control]: `fail ${refused}`, ...uncontrolled(control) },
    ),
    row(
      `${key}: nobody came to the honest server`,
      upstream(key, (decoys) => ({
        ...decoys,
        control: { answer: data({ status: 404 }), seen: { connections: 0, requests: 0 }, record: undefined },
      })),
      { [control]: 'unknown NOT_REACHED', ...uncontrolled(control) },
    ),
    row(
      `${key}: another answers in the place of the honest server`,
      upstream(key, (decoys) => ({ ...decoys, control: { ...decoys.control, seen: undefined } })),
      { [control]: `fail ${refused}`, ...uncontrolled(control) },
    ),
    row(
      `${key}: the honest server is not answered for`,
      upstream(key, (decoys) => ({ ...decoys, control: { ...decoys.control, answer: ended('timeout') } })),
      { [control]: 'unknown TIMED_OUT', ...uncontrolled(control) },
    ),
  ];
}

function issuers(change: (decoys: IssuerDecoys) => IssuerDecoys): Break {
  return (all) => ({ ...all, 'issuer.twins': change(all['issuer.twins']) });
}

function issuer(id: string, change: Partial<IssuerDecoys['probes'][number]>): Break {
  return issuers((decoys) => ({
    ...decoys,
    probes: decoys.probes.map((probe) => (probe.case.id === id ? { ...probe, ...change } : probe)),
  }));
}

function issuerRows(): readonly Row[] {
  const turns = (red: 'fail OIDC_BAD_ISSUER_ACCEPTED' | 'fail REFUSED_FOR_OTHER_REASON') => ({
    'MD-OIDC-012': red,
  });
  const accepted = turns('fail OIDC_BAD_ISSUER_ACCEPTED');
  return [
    row('the proxy holds the key of a stranger', issuer('stranger-ca', { keyTaken: true }), accepted),
    row(
      'istiod asks a stranger for its keys',
      issuer('stranger-ca', { seen: { connections: 1, requests: 1 } }),
      accepted,
    ),
    row('a token of a stranger passes', issuer('stranger-ca', { token: data({ status: 403 }) }), accepted),
    row(
      'istiod minds another thing than the time',
      issuer('expired', { record: 'x509: certificate signed by unknown authority' }),
      turns('fail REFUSED_FOR_OTHER_REASON'),
    ),
    row('istiod has no word about a stranger', issuer('stranger-ca', { record: undefined }), {
      'MD-OIDC-012': 'unknown NO_RECORD',
    }),
    row('a strange issuer could not listen', issuer('stranger-ca', { seen: undefined }), {
      'MD-OIDC-012': 'unknown NO_RECORD',
    }),
    row('istiod never came', issuer('stranger-ca', { seen: { connections: 0, requests: 0 } }), {
      'MD-OIDC-012': 'unknown NOT_REACHED',
    }),
    row('a stranger’s token is not answered', issuer('stranger-ca', { token: ended('timeout') }), {
      'MD-OIDC-012': 'unknown TIMED_OUT',
    }),
    row(
      'no bad issuer was shown',
      issuers((decoys) => ({ ...decoys, probes: [] })),
      { 'MD-OIDC-012': 'unknown CASE_NOT_RUN' },
    ),
    row(
      'istiod takes no keys at all',
      issuers((decoys) => ({ ...decoys, control: { ...decoys.control, keyTaken: false } })),
      { 'MD-OIDC-014': 'fail OIDC_GOOD_ISSUER_REFUSED', ...uncontrolled('MD-OIDC-014') },
    ),
    row(
      'a good issuer’s token is refused',
      issuers((decoys) => ({ ...decoys, control: { ...decoys.control, token: data({ status: 401 }) } })),
      { 'MD-OIDC-014': 'fail OIDC_GOOD_ISSUER_REFUSED', ...uncontrolled('MD-OIDC-014') },
    ),
    row(
      'a good issuer’s token is not answered',
      issuers((decoys) => ({ ...decoys, control: { ...decoys.control, token: ended('timeout') } })),
      { 'MD-OIDC-014': 'unknown TIMED_OUT', ...uncontrolled('MD-OIDC-014') },
    ),
  ];
}

/** The refuser's own record of a client certificate. */
function recorded(component: 'gateway' | 'sidecar', id: string, record: string | undefined): Break {
  return (all) => {
    const wires = all[`${component}.wire`];
    const forged = wires.forged.map((probe) => (probe.case.id === id ? { ...probe, record } : probe));
    return component === 'gateway'
      ? gatewayWire((own) => ({ ...own, forged }))(all)
      : sidecarWire({ forged })(all);
  };
}

function recordRows(): readonly Row[] {
  return [
    row('the gateway wrote nothing of a stranger', recorded('gateway', 'stranger-ca', undefined), {
      'MD-EGW-009': 'unknown NO_RECORD',
    }),
    row('the gateway wrote another reason down', recorded('gateway', 'expired', 'unable to get issuer'), {
      'MD-EGW-010': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('the sidecar wrote nothing of a forgery', recorded('sidecar', 'foreign-ca', undefined), {
      'MD-MESH-008': 'unknown NO_RECORD',
    }),
    row('the sidecar wrote another reason down', recorded('sidecar', 'edge-client', 'has expired'), {
      'MD-MESH-007': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('the sidecar wrote nothing of a client without certificate', recorded('sidecar', 'none', undefined), {
      'MD-MESH-006': 'unknown NO_RECORD',
    }),
  ];
}

/** As if our own judge found nothing. */
function overlooked<T extends Shown>(id: string): (probe: T) => T {
  return (probe) => (probe.case.id === id ? { ...probe, found: [] } : probe);
}

function judgeRows(): readonly Row[] {
  return [
    row(
      'our own judge overlooks a weak key',
      gatewayWire((wires) => ({ ...wires, forged: wires.forged.map(overlooked('weak-key')) })),
      { 'MD-CERT-008': 'fail CERT_JUDGE_BLIND' },
    ),
    row(
      'our own judge overlooks a name outside the zone',
      edgeDecoys((decoys) => ({ ...decoys, probes: decoys.probes.map(overlooked('outside-constraint')) })),
      { 'MD-EDGE-006': 'fail CERT_JUDGE_BLIND' },
    ),
  ];
}
