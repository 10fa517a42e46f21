import type { CertificateCase } from '../cases/certificates/verifiers.ts';
import type { CertificateReason } from '../trust/certificate-reason.ts';
import type { WireResult } from './wire-result.ts';
import type { KeyRotation } from './key-rotation.ts';

/** A bad certificate that was made to be shown to somebody. */
export interface Shown {
  readonly case: CertificateCase;
  /** What our own judge of certificates finds wrong with it. */
  readonly found: readonly CertificateReason[];
}

/** A forged client certificate shown to a server that must refuse it. */
export interface CertificateProbe extends Shown {
  readonly wire: WireResult;
  /** The server's own words about this very certificate, from its connection log. */
  readonly record: string | undefined;
}

/** A bad server that a client of the chain was led to. */
export interface ServerProbe extends Shown {
  /** What the client of the hop answered to whoever sent it there. */
  readonly answer: WireResult;
  /** The client's own words about this server; undefined when it had none. */
  readonly record: string | undefined;
  /** What came to the bad server itself. */
  readonly seen: Seen | undefined;
}

export interface Seen {
  readonly connections: number;
  readonly requests: number;
  readonly error?: string;
}

/** The same way with a good certificate: the control of the column. */
export type ServerControl = Omit<ServerProbe, keyof Shown>;

/** Bad servers in the place of the gateway, and of the app. */
export interface UpstreamDecoys {
  readonly control: ServerControl;
  readonly probes: readonly ServerProbe[];
}

/** One program of this machine that verifies the edge: `node`, `curl`, `openssl`. */
export interface ClientOpinion {
  readonly client: string;
  /** It spoke to the server as to the real one. */
  readonly accepted: boolean;
  readonly said: string;
}

export interface EdgeDecoys {
  /** Clients that are not on this machine. */
  readonly absent: readonly string[];
  readonly control: readonly ClientOpinion[];
  readonly probes: readonly (Shown & { readonly opinions: readonly ClientOpinion[] })[];
}

/** Issuers that istiod was sent to. */
export interface IssuerDecoys {
  readonly rotation: KeyRotation;
  readonly control: IssuerProbe;
  readonly probes: readonly (IssuerProbe & Shown)[];
  /** Forged, but kept from istiod: for our own judge. */
  readonly unshown: readonly Shown[];
}

export interface IssuerProbe {
  readonly seen: Seen | undefined;
  /** The validating proxy holds the key set of this issuer. */
  readonly keyTaken: boolean;
  /** A token of this issuer, shown to the workload that was told to trust it. */
  readonly token: WireResult;
  /** istiod's own words about this key set, from its log. */
  readonly record: string | undefined;
}
