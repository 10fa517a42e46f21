/** A certificate of the lab that is on disk or in the cluster, not on the wire. */
export interface StoredCertificate {
  /** `edge root`, `kubernetes apiserver` … */
  readonly name: string;
  /** Undefined: it has to be there, and was not seen. */
  readonly pem: string | undefined;
}

/** Clocks of the components, each asked by one call and halved by its round trip. */
export interface Clocks {
  readonly readings: readonly ClockReading[];
  /** Milliseconds that this machine slept since it started; undefined where it cannot tell. */
  readonly sleptMs: number | undefined;
}

export interface ClockReading {
  readonly component: 'engine' | 'node' | 'pod' | 'idp';
  readonly seen:
    | { readonly kind: 'read'; readonly offsetMs: number; readonly roundTripMs: number }
    | { readonly kind: 'unread'; readonly because: string };
}

/** PEM texts that this lab was made with. */
export interface Anchors {
  readonly edgeRootPem: string;
  readonly meshRootPem: string;
  readonly edgeClientPem: string;
}
