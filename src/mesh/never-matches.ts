import { z } from 'zod';
import type { KubeObject } from '../ports/cluster.ts';

/** A value of a policy that no request can match. */
export interface NeverMatches {
  /** Where in the object it stands. */
  readonly path: readonly (string | number)[];
  /** What it is, and why nothing matches it. */
  readonly said: string;
  /** The spelling that matches. */
  readonly shouldBe: string;
}

const texts = z.array(z.string()).catch([]);
const fields = z.record(z.string(), z.unknown()).catch({});
const shape = z.object({
  spec: z.object({
    rules: z
      .array(
        z.object({
          from: z.array(z.object({ source: fields }).catch({ source: {} })).catch([]),
          to: z.array(z.object({ operation: fields }).catch({ operation: {} })).catch([]),
        }),
      )
      .catch([]),
  }),
});

type Mistake = Omit<NeverMatches, 'path'>;

/**
 * Values of an AuthorizationPolicy that can never match: in an ALLOW rule they admit no request, in a DENY rule they
 * refuse none. `[]` for every other object. Pure.
 */
export function neverMatches(object: KubeObject): readonly NeverMatches[] {
  if (object.kind !== 'AuthorizationPolicy' || !object.apiVersion.startsWith('security.istio.io/')) return [];
  const read = shape.safeParse(object);
  if (!read.success) return [];
  return read.data.spec.rules.flatMap(({ from, to }, rule) => [
    ...from.flatMap(({ source }, at) => inFields(source, ['spec', 'rules', rule, 'from', at, 'source'])),
    ...to.flatMap(({ operation }, at) => inFields(operation, ['spec', 'rules', rule, 'to', at, 'operation'])),
  ]);
}

function inFields(
  named: Readonly<Record<string, unknown>>,
  path: NeverMatches['path'],
): readonly NeverMatches[] {
  return Object.entries(named).flatMap(([field, values]) =>
    texts.parse(values).flatMap((value, at) => {
      const mistake = mistakeOf(plainName(field), value);
      return mistake === undefined ? [] : [{ path: [...path, field, at], ...mistake }];
    }),
  );
}

/** `notPrincipals` holds the same values as `principals`. */
function plainName(field: string): string {
  return field.replace(/^not([A-Z])/, (_, first: string) => first.toLowerCase());
}

function mistakeOf(field: string, value: string): Mistake | undefined {
  if (field === 'principals' && value.startsWith('spiffe://'))
    return {
      said: `${value} has a scheme, and Istio compares principals without it`,
      shouldBe: value.slice('spiffe://'.length),
    };
  if (field === 'methods' && /[a-z]/.test(value))
    return {
      said: `${value} has lower-case letters, and methods of HTTP are compared as they are written`,
      shouldBe: value.toUpperCase(),
    };
  if (field === 'paths' && value.includes('?') && !value.includes('{'))
    return {
      said: `${value} has a query, and Istio compares the path without it`,
      shouldBe: value.replace(/\?.*$/, ''),
    };
  return wildcardMistake(field, value);
}

const WITH_WILDCARDS = new Set([
  'principals',
  'requestPrincipals',
  'namespaces',
  'hosts',
  'paths',
  'methods',
]);

/** Istio knows a `*` at one end only, and templates in braces in paths. */
function wildcardMistake(field: string, value: string): Mistake | undefined {
  if (!WITH_WILDCARDS.has(field) || value.includes('{')) return undefined;
  const [first = '', second] = value.split('*');
  if (second === undefined || value === '*') return undefined;
  const atOneEnd = value.indexOf('*') === value.lastIndexOf('*') && (first === '' || second === '');
  if (atOneEnd) return undefined;
  return {
    said: `${value} has a wildcard in the middle or more than one, and Istio takes it as text`,
    shouldBe: field === 'paths' && value.startsWith('/') ? template(value) : 'each value by itself',
  };
}

/** Means what the wildcards were meant for; the plain prefix would match more. */
function template(path: string): string {
  return path.replace(/\*$/, '{**}').replaceAll(/(?<!\{|\{\*)\*(?!\*?\})/g, '{*}');
}
