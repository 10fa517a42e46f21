/** What the public names mean, from every place that uses them. */
export interface NamesSeen {
  readonly host: Readonly<Record<string, HostName>>;
  /** By place: `edge network`, `intruder`; `library` is getaddrinfo, `dns` the record itself. */
  readonly inside: readonly InsideName[];
  readonly istiod: LookUp;
  /** Address of the edge on the lab’s network, by the engine. */
  readonly edgeAddresses: readonly string[];
  /** Lines of this machine’s hosts file that carry one of the names. */
  readonly hostsLines: readonly string[];
  /** A name below the zone that nobody made up before. */
  readonly random: { readonly name: string; readonly host: LookUp; readonly inside: readonly InsideName[] };
  /** Leaf and issuer as each place meets them. */
  readonly views: readonly IssuerView[];
  /** What answers at `[::1]` on the edge’s port, where clients may try first. */
  readonly loopbackV6: Met;
}

/** Who answers at an address, to a client that speaks TLS. */
export interface Met {
  readonly ended: string;
  /** Why no connection came about, where none did. */
  readonly code: string | undefined;
  /** SHA-256 of the certificate that was served; undefined where there was none. */
  readonly leaf: string | undefined;
}

export interface HostName {
  readonly system: LookUp;
  /** With a dot at the end no search domain applies. */
  readonly dotted: LookUp;
  /** Who answers at each address of the name. */
  readonly met: Readonly<Record<string, Met>>;
  /** curl, where it is there: the address that it connected to. */
  readonly curl: LookUp | undefined;
}

export type LookUp = { readonly addresses: readonly string[] } | { readonly error: string };

export interface InsideName {
  readonly place: string;
  readonly name: string;
  readonly library: LookUp;
  readonly a: LookUp;
  readonly aaaa: LookUp;
}

export interface IssuerView {
  readonly place: string;
  readonly leaf: string | undefined;
  readonly issuer: string | undefined;
  readonly jwksUri: string | undefined;
  readonly because: string;
}
