/** A program of this machine that asks the edge as its user would; a slow one asks for the IdP alone. */
export interface RealClient {
  readonly name: 'curl' | 'node' | 'java' | 'chromium';
  readonly seen:
    | { readonly kind: 'absent'; readonly because: string }
    /** It is there, but did not come to an end. */
    | { readonly kind: 'unanswered'; readonly because: string }
    /** `accepts`: each public host with the anchor given; `withoutAnchor`: must be refused. */
    | { readonly kind: 'tried'; readonly accepts: ClientTry; readonly withoutAnchor: ClientTry };
}

export interface ClientTry {
  readonly accepted: boolean;
  /** HTTP status, or the program’s own last words. */
  readonly told: string;
}
