import type { EvidenceItem } from '../checks/evidence-item.ts';
import { type CheckReport, type CheckResult, tallyOf, type Verdict, worstOf } from '../checks/verdict.ts';
import type { Hop, HopId } from '../topology/hop.ts';
import type { Lab } from '../topology/lab.ts';
import type { Service } from '../topology/service.ts';
import { spiffeId } from '../topology/identity.ts';

type Exchange = Extract<EvidenceItem, { kind: 'exchange' }>;

/** One hop as a report shows it: what was wanted, what the wire showed, how it was judged. */
export interface HopFacts {
  readonly hop: Hop;
  readonly counts: Readonly<Record<Verdict['kind'], number>>;
  /** Undefined when nothing was judged on it. */
  readonly worst: Verdict['kind'] | undefined;
  readonly seen: SeenOnHop;
}

/** As both ends recorded it for the honest request; empty where nobody said so. */
export interface SeenOnHop {
  readonly version?: string | undefined;
  readonly cipher?: string | undefined;
  readonly alpn?: string | undefined;
  readonly sni?: string | undefined;
  readonly client?: string | undefined;
  readonly server?: string | undefined;
  /** SHA-256 of certificates, with who showed them. */
  readonly certificates: readonly string[];
}

export function hopFacts(report: CheckReport, lab: Lab): readonly HopFacts[] {
  return factsOf(lab.hops, ofLab(report));
}

/**
 * The hops of one service: its own chain, as the results of this service show it. A hop that it shares with all and
 * that nothing was judged of it on is as the lab has it.
 */
export function serviceHopFacts(report: CheckReport, lab: Lab, service: Service): readonly HopFacts[] {
  const hops = serviceHops(lab, service);
  const own = factsOf(
    hops,
    report.checks.filter((check) => check.service === service.id),
  );
  const shared = factsOf(hops, ofLab(report));
  return own.map((fact, at) =>
    fact.worst === undefined && SHARED.has(fact.hop.id) ? (shared[at] ?? fact) : fact,
  );
}

const SHARED: ReadonlySet<HopId> = new Set(['client->edge', 'edge->gateway']);

/** Of a service without a host the chain begins at its callers. */
function serviceHops({ hops }: Lab, { host, identity, callers }: Service): readonly Hop[] {
  return hops.flatMap((hop): readonly Hop[] => {
    switch (hop.id) {
      case 'client->edge':
        return host === undefined ? [] : [{ ...hop, server: host }];
      case 'edge->gateway':
        return host === undefined ? [] : [hop];
      case 'gateway->sidecar': {
        const { client: gateway, ...rest } = hop;
        const client = host === undefined ? callers.join(', ') : gateway;
        return [{ ...rest, server: spiffeId(identity), ...(client === undefined ? {} : { client }) }];
      }
      case 'sidecar->app':
        return [hop];
      case 'client->idp':
      case 'edge->idp':
      case 'istiod->idp':
        return [];
    }
  });
}

function ofLab({ checks }: CheckReport): readonly CheckResult[] {
  return checks.filter(({ service }) => service === undefined);
}

function factsOf(hops: readonly Hop[], checks: readonly CheckResult[]): readonly HopFacts[] {
  const honest = honestExchange(checks);
  return hops.map((hop) => {
    const own = checks.filter((check) => check.hop === hop.id);
    return {
      hop,
      counts: tallyOf(own),
      worst: own.length === 0 ? undefined : worstOf(own.map(({ verdict }) => verdict.kind)),
      seen: seenOn(hop.id, own, honest),
    };
  });
}

/** The first request of an honest client that came to the app; else the one that came furthest in. */
function honestExchange(checks: readonly CheckResult[]): Exchange | undefined {
  const all = checks
    .filter(({ polarity }) => polarity === 'positive')
    .flatMap(({ verdict }) => verdict.evidence ?? [])
    .filter((item) => item.kind === 'exchange');
  const depth = ({ app, sidecar, gateway, edge }: Exchange): number =>
    [edge, gateway, sidecar, app].filter((record) => record !== null).length;
  return all.toSorted((a, b) => depth(b) - depth(a))[0];
}

function seenOn(id: HopId, own: readonly CheckResult[], honest: Exchange | undefined): SeenOnHop {
  switch (id) {
    case 'client->edge':
      return seenAtEdge(own);
    case 'edge->gateway': {
      const record = honest?.gateway;
      return {
        version: record?.downstream_tls_version,
        cipher: record?.downstream_tls_cipher,
        sni: record?.sni,
        client: record?.downstream_peer_dns_san,
        certificates: fingerprint('client', record?.downstream_peer_fingerprint),
      };
    }
    case 'gateway->sidecar': {
      const record = honest?.sidecar;
      return {
        version: record?.downstream_tls_version,
        cipher: record?.downstream_tls_cipher,
        sni: record?.sni,
        client: record?.downstream_peer_uri_san,
        server: honest?.gateway?.upstream_peer_uri_san,
        certificates: fingerprint('client', record?.downstream_peer_fingerprint),
      };
    }
    case 'sidecar->app':
      return { client: subjectOf(honest), certificates: [] };
    case 'client->idp':
    case 'edge->idp':
    case 'istiod->idp':
      return { certificates: [] };
  }
}

function subjectOf(honest: Exchange | undefined): string | undefined {
  const subject = honest?.sidecar?.jwt_subject;
  return subject === undefined ? undefined : `token of ${subject}`;
}

function seenAtEdge(own: readonly CheckResult[]): SeenOnHop {
  const first = own
    .filter(({ polarity }) => polarity === 'positive')
    .flatMap(({ verdict }) => verdict.evidence ?? [])
    .find((item) => item.kind === 'handshake');
  if (first === undefined) return { certificates: [] };
  const [leaf, ...above] = first.presented;
  return {
    version: first.protocol ?? undefined,
    cipher: first.cipher ?? undefined,
    alpn: first.alpn ?? undefined,
    certificates: [
      ...(leaf === undefined ? [] : [`server ${leaf}`]),
      ...above.map((digest) => `issuer ${digest}`),
    ],
  };
}

function fingerprint(who: string, digest: string | undefined): readonly string[] {
  return digest === undefined ? [] : [`${who} sha256:${digest}`];
}
