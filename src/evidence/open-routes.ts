/** A route of the running gateway that is not the plan's, and what came of asking for it without a token. */
export interface OpenRoute {
  /** `VirtualService shop/open`; undefined where istiod does not say what the route is made from. */
  readonly rule: string | undefined;
  /** As it was asked for from outside, or the host and the match where it was not. */
  readonly url: string;
  readonly answer: RouteAnswer;
}

export type RouteAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The pod that the gateway handed it to, by its own record; undefined when it answered by itself. */
      readonly upstream: string | undefined;
      readonly body: string;
    }
  | { readonly kind: 'silent'; readonly because: string }
  /** There is no plain request for it: a regular expression, another method. */
  | { readonly kind: 'not-asked'; readonly because: string };
