import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { WireResult } from '../../src/evidence/wire-result.ts';
import type { CertificateProbe, UpstreamDecoys } from '../../src/evidence/bad-certificates.ts';
import { CLIENT_SAYS } from '../../src/cases/certificates/client-says.ts';
import { FLAWS } from '../../src/cases/certificates/flaws.ts';
import {
  type CertificateCase,
  EDGE_SERVERS,
  GATEWAY_SERVERS,
  ISSUER_SERVERS,
  ISSUER_SERVERS_UNSHOWN,
  SIDECAR_SERVERS,
} from '../../src/cases/certificates/verifiers.ts';
import { data, ended } from './wires.ts';
import type { KeyRotation, KeySetInForce } from '../../src/evidence/key-rotation.ts';

/** Every case met as the pinned Envoy meets it: what may be tolerated is. */
export function refusedAll(cases: readonly CertificateCase[]): readonly CertificateProbe[] {
  return cases.map((each) => ({
    case: each,
    found: [each.reason],
    wire: each.tolerable ? data({ status: 403 }) : ended('alert', each.alert),
    record: each.tolerable ? undefined : `TLS error: verify cert failed: ${each.says}:TLS error end`,
  }));
}

type Decoys = Pick<EvidenceMap, 'edge.twins' | 'gateway.twins' | 'sidecar.twins' | 'issuer.twins'>;

export function healthyDecoys(): Decoys {
  return {
    'edge.twins': edgeDecoys(),
    'gateway.twins': upstreamDecoys(GATEWAY_SERVERS, 502),
    'sidecar.twins': upstreamDecoys(SIDECAR_SERVERS, 503),
    'issuer.twins': {
      rotation: rotation(),
      control: {
        seen: undefined,
        keyTaken: true,
        token: data({ status: 403, body: 'RBAC: access denied' }),
        record: undefined,
      },
      probes: ISSUER_SERVERS.map((each) => ({
        case: each,
        found: [each.reason],
        seen: { connections: 2, requests: 0 },
        keyTaken: false,
        token: data({ status: 401, body: 'Jwt verification fails' }),
        record: `error	model	Failed to fetch public key: x509: ${each.says}`,
      })),
      unshown: ISSUER_SERVERS_UNSHOWN.map((each) => ({
        case: each,
        found: [each.reason],
      })),
    },
  };
}

function edgeDecoys(): EvidenceMap['edge.twins'] {
  const honest = { accepted: true, said: 'data' };
  return {
    absent: [],
    control: ['node', 'curl', 'openssl'].map((client) => ({ client, ...honest })),
    probes: EDGE_SERVERS.map((each) => {
      const said = FLAWS.find(({ id }) => id === each.id);
      const { node, openssl } = said === undefined ? { node: '', openssl: 0 } : CLIENT_SAYS[said.id];
      const refused = [
        { client: 'node', said: node },
        { client: 'curl', said: '60 SSL certificate problem' },
        { client: 'openssl', said: `${openssl} verify error` },
      ];
      return {
        case: each,
        found: [each.reason],
        opinions: refused.map((opinion) => ({ ...opinion, accepted: each.tolerable })),
      };
    }),
  };
}

function upstreamDecoys(cases: readonly CertificateCase[], status: number): UpstreamDecoys {
  const answer = (passed: boolean): WireResult => data({ status: passed ? 200 : status });
  return {
    control: { answer: answer(true), seen: { connections: 1, requests: 1 }, record: undefined },
    probes: cases.map((each) => ({
      case: each,
      found: [each.reason],
      answer: answer(each.tolerable),
      seen: { connections: 1, requests: each.tolerable ? 1 : 0 },
      record: each.tolerable ? undefined : `verify failed: ${each.says}`,
    })),
  };
}

/** The sidecar held the first key of three, and then the second. */
function rotation(): KeyRotation {
  return { before: inForce('rehearsal-0'), after: inForce('rehearsal-1'), waitedMs: 9_000, withinMs: 17_000 };
}

function inForce(held: string): KeySetInForce {
  const taken = data({ status: 403, body: 'RBAC: access denied' });
  const refused = data({ status: 401, body: 'Jwt verification fails' });
  const ids = ['rehearsal-0', 'rehearsal-1', 'rehearsal-2'];
  return { held, tokens: Object.fromEntries(ids.map((id) => [id, id === held ? taken : refused])) };
}
