import { isPathMatch } from './path-pattern.ts';

/** Methods of RFC 9110 that a server of its own answers, and PATCH. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** Requests that a rule is about; a list that is left out is no restriction. */
interface Scope {
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/**
 * One entry of `allow`: AuthorizationPolicy and access matrix follow from it. People come through the gateway with a
 * token; one of the roles or being one of the users is enough. Services come with the identity of their workload.
 */
export type AccessRule = {
  /** The policy that the rule becomes, as `namespace/name`. */
  readonly policy: string;
  readonly scope: Scope;
} & (
  | { readonly kind: 'people'; readonly roles: readonly string[]; readonly users: readonly string[] }
  | { readonly kind: 'services'; readonly from: readonly string[] }
);

/** The parts of `namespace/name`. */
export function placeOf(path: string): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = ''] = path.split('/');
  return { namespace, name };
}

/** Who asks, and by which way: people through edge and gateway, services inside the mesh. */
export type Requester =
  | { readonly kind: 'person'; readonly name: string; readonly roles: readonly string[] }
  /** Through edge and gateway without a token. */
  | { readonly kind: 'no-token' }
  | { readonly kind: 'service'; readonly id: string };

/** Without method and path: a connection of `tcp`. */
export interface Attempt {
  readonly who: Requester;
  readonly method?: string;
  readonly path?: string;
}

/** The rules that let it through, in the order of the file; none: it is refused. */
export function rulesThatAllow(
  access: readonly AccessRule[],
  { who, method, path }: Attempt,
): readonly AccessRule[] {
  return access.filter(
    (rule) => isFor(rule, who) && isAbout(rule.scope.methods, method) && isPath(rule.scope.paths, path),
  );
}

function isFor(rule: AccessRule, who: Requester): boolean {
  switch (who.kind) {
    case 'no-token':
      return false;
    case 'service':
      return rule.kind === 'services' && rule.from.includes(who.id);
    case 'person':
      return (
        rule.kind === 'people' &&
        (rule.users.includes(who.name) || rule.roles.some((role) => who.roles.includes(role)))
      );
  }
}

/** A connection without a method is in no list of methods. */
function isAbout(allowed: readonly string[] | undefined, method: string | undefined): boolean {
  return allowed === undefined || (method !== undefined && allowed.includes(method));
}

function isPath(allowed: readonly string[] | undefined, path: string | undefined): boolean {
  return (
    allowed === undefined || (path !== undefined && allowed.some((pattern) => isPathMatch(pattern, path)))
  );
}
