import { z } from 'zod';
import { METHODS } from '../../topology/access.ts';
import { patternProblem } from '../../topology/path-pattern.ts';
import { orElse } from '../meant.ts';

/** RFC 1123 label that Kubernetes takes as the name of a Service: it begins with a letter. */
const LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const USER = /^[a-z][a-z0-9-]{0,30}$/;

export const label = z
  .string()
  .regex(
    LABEL,
    'must be an RFC 1123 label: 1 to 63 of a-z, 0-9 and "-", starting with a letter and not ending in "-"',
  );

export const port = z
  .int('must be a number')
  .min(1, 'must be from 1 to 65535')
  .max(65_535, 'must be from 1 to 65535');

/** A name of at least one label; whether it is inside the zone is decided with the zone. */
export const hostName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    'must be a DNS name in lower case: one label, or a full name inside the zone',
  );

/** `sub` of tokens and subject of the access matrix. */
export const userName = z.string().regex(USER, 'must be 1 to 31 of a-z, 0-9 and "-", starting with a letter');

/** A value of the claim `roles`; `*` would be a pattern for Istio. */
export const roleName = z
  .string()
  .regex(
    /^[A-Za-z][\w.:-]{0,62}$/,
    'must be 1 to 63 letters, digits and any of _ . : -, starting with a letter',
  );

export const variableName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable: letters, digits and "_"');

export const filePath = z.string().min(1, 'must be a path');

export const imageName = z
  .string()
  .regex(
    /^([a-z0-9.-]+(:\d{1,5})?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    'must be an image such as registry.example.com/team/orders:1.4 in lower case',
  );

export const method = z.enum(METHODS, {
  error: ({ input }) =>
    typeof input === 'string'
      ? `${input} is no method of HTTP${orElse(input, METHODS, 'none')}`
      : `must be one of ${METHODS.join(', ')}`,
});

export const pathPattern = z
  .string()
  .refine((text) => patternProblem(text) === undefined, {
    error: ({ input }) => patternProblem(String(input)),
  })
  .meta({ pattern: String.raw`^(\*|/[^*]*\*?|\*[^*]+)$` });

/** A path of one request, without a query. */
export const plainPath = z
  .string()
  .regex(/^\/[^\s#?*{}\\]*$/, 'must be a path: it begins with / and has no query, blank or pattern');

/** A list without repetitions that is not empty. */
export function listOf<T extends z.ZodType<string>>(item: T) {
  return z
    .array(item)
    .min(1, 'needs at least one')
    .refine((items) => new Set(items).size === items.length, { error: 'has an item twice' })
    .meta({ uniqueItems: true });
}

/**
 * A map whose keys are such names. The keys are judged beside the values (name-mistakes.ts): with a bad key, a record of
 * zod does not look at its value.
 */
export function namedBy<T extends z.ZodType>(name: 'label' | 'user', value: T) {
  const pattern = name === 'label' ? LABEL.source : USER.source;
  return z.record(z.string(), value).meta({ propertyNames: { type: 'string', pattern } });
}
