/** One RBAC filter of a running proxy: `ALLOW` admits what some policy matches, `DENY` refuses it. */
export interface RbacFilter {
  /** `LOG` decides nothing. */
  readonly action: 'ALLOW' | 'DENY' | 'LOG';
  readonly policies: readonly RbacPolicy[];
}

/** Some permission and some principal have to match. */
export interface RbacPolicy {
  /** `ns[apps]-policy[orders-1]-rule[0]`. */
  readonly name: string;
  readonly permissions: readonly RbacMatch[];
  readonly principals: readonly RbacMatch[];
}

/** One condition about a request. */
export type RbacMatch =
  | { readonly kind: 'any' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly RbacMatch[] }
  | { readonly kind: 'not'; readonly of: RbacMatch }
  /** Lower case; `:method`, `:authority`, `:path`. */
  | { readonly kind: 'header'; readonly name: string; readonly value: TextMatch }
  | { readonly kind: 'path'; readonly value: TextMatch }
  | { readonly kind: 'port'; readonly port: number }
  /** The client's SPIFFE ID. */
  | { readonly kind: 'principal'; readonly value: TextMatch }
  /** A claim of the verified token, by the keys that lead to it. */
  | { readonly kind: 'claim'; readonly path: readonly string[]; readonly value: TextMatch }
  /** What meshdev cannot evaluate; `what` is its key. */
  | { readonly kind: 'other'; readonly what: string };

export interface TextMatch {
  readonly how: 'exact' | 'prefix' | 'suffix' | 'contains' | 'regex' | 'present';
  readonly text: string;
  readonly ignoreCase: boolean;
}
