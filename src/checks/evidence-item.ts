import type { AppRecord } from '../records/app-record.ts';
import type { EdgeRecord } from '../records/edge-record.ts';
import type { ProxyRecord } from '../records/proxy-record.ts';
import { fingerprintsOf } from '../trust/fingerprints.ts';
import type { TracedRequest } from '../evidence/traced-request.ts';
import type { WireResult } from '../evidence/wire-result.ts';

/** One thing that was seen, as a report carries it: redacted, serialisable, readable by itself. */
export type EvidenceItem =
  | {
      readonly kind: 'handshake';
      readonly ended: string;
      readonly alert: string | null;
      readonly protocol: string | null;
      readonly cipher: string | null;
      readonly alpn: string | null;
      readonly status: number | null;
      /** `sha256:…` of each certificate that the server presented, leaf first. */
      readonly presented: readonly string[];
    }
  | {
      readonly kind: 'exchange';
      readonly ended: string;
      readonly status: number | null;
      /** The lab's own request id. */
      readonly meshdevId: string | null;
      readonly edge: Pick<EdgeRecord, 'status' | 'upstream' | 'error'> | null;
      readonly gateway: ProxyRecord | null;
      readonly sidecar: ProxyRecord | null;
      readonly app: AppRecord | null;
    }
  | {
      /** One cell of an access matrix. */
      readonly kind: 'cell';
      readonly subject: string;
      readonly method: string;
      readonly path: string;
      readonly expected: 'allow' | 'deny';
      readonly actual: 'allow' | 'deny' | null;
      readonly status: number | null;
      readonly refuser: 'edge' | 'gateway' | 'sidecar' | null;
      /** `namespace/name#rule`, or `none`; null where no proxy told it. */
      readonly policy: string | null;
    }
  | { readonly kind: 'fact'; readonly what: string; readonly seen: string };

export function handshakeItem(wire: WireResult): EvidenceItem {
  return {
    kind: 'handshake',
    ended: wire.ended,
    alert: wire.alert ?? null,
    protocol: wire.protocol ?? null,
    cipher: wire.cipher ?? null,
    alpn: wire.alpn ?? null,
    status: wire.status ?? null,
    presented: wire.peerChain.flatMap(digestsOf),
  };
}

/** What cannot be read as a certificate was presented all the same. */
function digestsOf(pem: string): readonly string[] {
  try {
    return fingerprintsOf(pem).map((digest) => `sha256:${digest}`);
  } catch {
    return ['unreadable'];
  }
}

/** What proves or refutes; a proxy's whole record has forty fields more. */
const TOLD = [
  'status',
  'response_flags',
  'response_code_details',
  'sni',
  'downstream_tls_version',
  'downstream_tls_cipher',
  'downstream_peer_uri_san',
  'downstream_peer_dns_san',
  'downstream_peer_fingerprint',
  'upstream_cluster',
  'upstream_tls_version',
  'upstream_peer_uri_san',
  'upstream_failure',
  'jwt_subject',
] as const satisfies readonly (keyof ProxyRecord)[];

export function exchangeItem(traced: TracedRequest): EvidenceItem {
  const { edge, gateway, sidecar, app } = traced;
  return {
    kind: 'exchange',
    ended: traced.ended,
    status: traced.status ?? null,
    meshdevId: traced.meshdevId ?? null,
    edge:
      edge === undefined
        ? null
        : {
            status: edge.status,
            ...(edge.upstream === undefined ? {} : { upstream: edge.upstream }),
            ...(edge.error === undefined ? {} : { error: edge.error }),
          },
    gateway: proofOf(gateway),
    sidecar: proofOf(sidecar),
    app: app ?? null,
  };
}

function proofOf(record: ProxyRecord | undefined): ProxyRecord | null {
  if (record === undefined) return null;
  return Object.fromEntries(
    TOLD.flatMap((name) => (record[name] === undefined ? [] : [[name, record[name]]])),
  );
}
