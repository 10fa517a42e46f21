import type { WireResult } from './wire-result.ts';
import type { Rewrite } from './cluster-state.ts';

/** What Caddy listens on, keeps and dials, seen beside the traffic. */
export interface EdgeState {
  /** Every address that a server of the running configuration listens on. */
  readonly listens: readonly { readonly listen: string; readonly tls: boolean }[];
  /** A request with a good token in plaintext, at port 80 and at every listener without TLS. */
  readonly plain: readonly { readonly port: number; readonly wire: WireResult }[];
  /** Leaf that Caddy issued last, from its own storage, by host. */
  readonly stored: Readonly<Record<string, string | undefined>>;
  /** Where the running configuration sends requests for the mesh, as names and as addresses inside the edge. */
  readonly dials: readonly EdgeDial[];
  /** How the running configuration changes requests for the mesh. */
  readonly rewrites: readonly Rewrite[];
  /** The node’s present addresses, by the engine. */
  readonly nodeAddresses: readonly string[];
}

export interface EdgeDial {
  /** `host:port` as configured. */
  readonly dial: string;
  /** What the host part is inside the edge; empty: no answer. */
  readonly addresses: readonly string[];
  /** A connection from the edge’s network. */
  readonly connected: boolean;
  readonly error?: string;
}

/** One server of Caddy's running configuration, as far as trust depends on it. */
export interface EdgeUpstream {
  readonly host: string;
  readonly dial: readonly string[];
  readonly tls: boolean;
  readonly serverName: string | undefined;
  readonly skipVerify: boolean;
  readonly anchors: boolean;
  readonly clientCertificate: boolean;
}

export interface EdgeRunning {
  readonly upstreams: readonly EdgeUpstream[];
  readonly strictSni: boolean;
  /** How the running configuration differs from the planned one; undefined: not at all. */
  readonly drift?: string;
}
