import { APP_ID } from '../sample/names.ts';
import type { DeliveryCase } from '../cases/tokens/delivery-cases.ts';
import type { TracedRequest } from './traced-request.ts';
import type { TokenCase } from '../cases/tokens/token-cases.ts';

/** A good token, handed over in an odd way. */
export interface DeliveryRequest extends TracedRequest {
  readonly case: DeliveryCase;
}

/** A listener that the forger's key URLs lead to, and who came. */
export interface TokenCanary {
  /** Tokens with such a URL that the sidecar answered while it listened. */
  readonly answered: number;
  /** An honest fetch of the same URL from a pod was served: whoever obeys can get there. */
  readonly reachable: boolean;
  /** Requests beside that one, as `GET /path`. */
  readonly hits: readonly string[];
}

/** How long the proxies have run, asked after the corpus. */
export interface ProxyLives {
  /** Milliseconds since the first token of the corpus was sent. */
  readonly corpusMs: number;
  /** Milliseconds of the process that runs now, by workload; it started after the corpus if smaller. */
  readonly upMs: Readonly<Record<'gateway' | typeof APP_ID, number>>;
}

/** A forged (or oddly tolerated) token on its way: what was expected of the mesh and what it did. */
export interface TokenRequest extends TracedRequest {
  readonly case: TokenCase;
}

/** Facts of a token that was issued; never the token itself. */
export interface TokenFacts {
  readonly subject: string;
  readonly audience: readonly string[];
  readonly issuer: string;
  readonly roles: readonly string[];
  readonly expiresAt: number;
  readonly algorithm: string;
  readonly keyId: string | undefined;
}
