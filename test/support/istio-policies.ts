import { z } from 'zod';
import type { KubeObject } from '../../src/ports/cluster.ts';

/*
 * A second opinion: what Istio does with AuthorizationPolicy objects, written from its reference
 * (https://istio.io/latest/docs/reference/config/security/authorization-policy/) and from nothing of src/.
 */

/** What a sidecar knows of a request. Without method and path: a TCP connection. */
export interface SeenRequest {
  readonly workload: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  /** Of the peer's certificate: `<trust domain>/ns/…/sa/…`. */
  readonly principal: string;
  /** Port of the pod. */
  readonly port: number;
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  /** Of the verified token: `iss/sub`, and its claim `roles`. */
  readonly requestPrincipal?: string;
  readonly roles?: readonly string[];
}

const Strings = z.array(z.string()).optional();

/** Fields that this evaluator does not know would be passed over: the schema refuses them. */
const Rule = z.strictObject({
  from: z
    .array(z.strictObject({ source: z.strictObject({ principals: Strings, requestPrincipals: Strings }) }))
    .optional(),
  to: z
    .array(
      z.strictObject({
        operation: z.strictObject({ hosts: Strings, ports: Strings, methods: Strings, paths: Strings }),
      }),
    )
    .optional(),
  when: z
    .array(z.strictObject({ key: z.literal('request.auth.claims[roles]'), values: z.array(z.string()) }))
    .optional(),
});

const Spec = z.strictObject({
  selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }).optional(),
  action: z.literal('ALLOW').optional(),
  rules: z.array(Rule).optional(),
});

export interface IstioDecision {
  readonly allowed: boolean;
  /** Policies that match, as `namespace/name`. */
  readonly by: readonly string[];
}

/**
 * "If there are no ALLOW policies for the workload, allow the request. If any of the ALLOW policies match the request,
 * allow the request. Deny the request." There are neither DENY nor CUSTOM policies here.
 */
export function decide(
  objects: readonly KubeObject[],
  rootNamespace: string,
  seen: SeenRequest,
): IstioDecision {
  const applying = objects
    .filter(({ kind }) => kind === 'AuthorizationPolicy')
    .map(({ metadata, ['spec']: spec }) => ({ metadata, spec: Spec.parse(spec) }))
    .filter(({ metadata: { namespace }, spec: { selector } }) => {
      const inScope = namespace === rootNamespace || namespace === seen.workload.namespace;
      const labels = Object.entries(selector?.matchLabels ?? {});
      return inScope && labels.every(([key, value]) => seen.workload.labels[key] === value);
    });
  // "The match is never satisfied when no rules are set", so a spec without any allows nothing.
  const matching = applying.filter(({ spec }) => (spec.rules ?? []).some((rule) => isMatch(rule, seen)));
  return {
    allowed: applying.length === 0 || matching.length > 0,
    by: matching.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`),
  };
}

/** "A match occurs when at least one source, one operation and all conditions matches the request." */
function isMatch({ from, to, when }: z.infer<typeof Rule>, seen: SeenRequest): boolean {
  const source = from?.some(
    (each) =>
      isListed(each.source.principals, seen.principal) &&
      isListed(each.source.requestPrincipals, seen.requestPrincipal),
  );
  const operation = to?.some(
    ({ operation: { hosts, ports, methods, paths } }) =>
      isListed(hosts, seen.host) &&
      isListed(ports, String(seen.port)) &&
      isListed(methods, seen.method) &&
      isListed(paths, seen.path),
  );
  const conditions = (when ?? []).every(({ values }) =>
    (seen.roles ?? []).some((role) => isListed(values, role)),
  );
  return source !== false && operation !== false && conditions;
}

/** A field that is not set, or is empty, is always a match; one that is set is none for a request without the attribute. */
function isListed(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  if (patterns === undefined || patterns.length === 0) return true;
  return value !== undefined && patterns.some((pattern) => isString(pattern, value));
}

/** Exact match, prefix match `abc*`, suffix match `*abc`, presence match `*`. */
function isString(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== '';
  if (pattern.startsWith('*')) return value.slice(-(pattern.length - 1)) === pattern.slice(1);
  return pattern.endsWith('*')
    ? value.slice(0, pattern.length - 1) === pattern.slice(0, -1)
    : value === pattern;
}
