/** The hops of the trust chain; ids are the contract of `check` and of every report. */
export const HOP_IDS = [
  'client->edge',
  'edge->gateway',
  'gateway->sidecar',
  'sidecar->app',
  'client->idp',
  'edge->idp',
  'istiod->idp',
] as const;

export type HopId = (typeof HOP_IDS)[number];

export interface Hop {
  readonly id: HopId;
  readonly transport: 'plaintext' | 'tls' | 'mtls';
  /** Lowest TLS version that the hop may negotiate. */
  readonly floor?: 'TLSv1.2' | 'TLSv1.3';
  /** What the server's certificate must name: a DNS name or a SPIFFE ID. */
  readonly server?: string;
  /** What the client's certificate must name, where the hop is mutual. */
  readonly client?: string;
  readonly anchor?: 'edge-root' | 'mesh-root';
}
