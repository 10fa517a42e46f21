import type { TlsOffer } from '../trust/tls-agreement.ts';
import type { WireResult } from './wire-result.ts';

/** What the servers of the chain take, tried one by one, and what the edge offers behind itself. */
export interface TlsOffers {
  readonly edge: ForcedHandshakes;
  readonly gateway: ForcedHandshakes;
  /** As Caddy’s running configuration narrows Go’s own offer towards the gateway. */
  readonly edgeAsClient: TlsOffer;
  /** SNI of a name of the zone that no route serves, with the Host of one that is served. */
  readonly crossed: WireResult;
  /** SNI outside the zone, with the Host of one that is served. */
  readonly foreignSni: WireResult;
}

/** One connection each, with nothing but that on offer. */
export interface ForcedHandshakes {
  /** With all that a Go program offers, as Caddy and istiod do. */
  readonly asGo: WireResult;
  readonly versions: Readonly<Record<string, WireResult>>;
  readonly groups: Readonly<Record<string, WireResult>>;
  readonly ciphers: Readonly<Record<string, WireResult>>;
  readonly alpn: Readonly<Record<string, WireResult>>;
}
