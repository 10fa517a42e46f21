import { APP_ID, INTERNAL_ID } from '../sample/names.ts';
import type { CertificateProbe } from './bad-certificates.ts';
import type { WireResult } from './wire-result.ts';
import type { Echo } from './traced-request.ts';

export interface EdgeWire {
  readonly [APP_ID]: WireResult;
  readonly auth: WireResult;
  readonly tls12: WireResult;
  readonly unknownSni: WireResult;
  readonly noSni: WireResult;
  /** SNI of one served host, Host of the other. */
  readonly crossed: WireResult;
  readonly unknownHost: WireResult;
  readonly http1: WireResult;
}

export interface GatewayWire {
  /** Caddy's own client certificate, so that path and client are known to work. */
  readonly control: WireResult;
  readonly forged: readonly CertificateProbe[];
  readonly plaintext: WireResult;
  readonly tls12: WireResult;
  readonly unknownHost: WireResult;
  /** Handshake failure counters of the gateway's listener: how much they rose during the probes. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface SidecarWire {
  /** Nothing stands between the non-mesh client and the pod: TCP connects. */
  readonly reachable: boolean;
  readonly plaintext: WireResult;
  /** The gateway's SPIFFE ID by the mesh's own CA, and the admin's token: accepted, so the path works. */
  readonly control: WireResult;
  /** The same but for the identity: another workload of the mesh shows the admin's token. */
  readonly otherWorkload: WireResult;
  readonly forged: readonly CertificateProbe[];
  readonly plaintextToInternal: WireResult;
  /** TLS without a client certificate, by workload; that to the sample app is one of `forged`. */
  readonly uncertified: Readonly<Record<typeof INTERNAL_ID | 'caller', WireResult>>;
  /** An honest identity that speaks TLS 1.2 at most, by workload. */
  readonly tls12: Readonly<Record<typeof APP_ID | typeof INTERNAL_ID | 'caller', WireResult>>;
  /** A workload that no ALLOW names, called with an honest identity: only the default deny stands before it. */
  readonly unlisted: WireResult;
}

export interface CallerWire {
  readonly [INTERNAL_ID]: WireResult;
  readonly internalEcho: Echo | undefined;
}
