import { z } from 'zod';
import { untrustable } from '../edge/identity-headers.ts';

/** A header that a service takes from its client though the name looks like identity. */
const trustedHeader = z
  .string()
  .refine((name) => untrustable(name) === undefined, { error: ({ input }) => untrustable(String(input)) });

export const trustedHeaders = z
  .array(trustedHeader)
  .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, {
    error: 'names a header twice',
  });

export const strictPaths = z.boolean('must be true or false');

/** `edge:` of meshdev.yaml. */
export const edgeRules = z.strictObject({
  trustedHeaders: trustedHeaders.optional(),
  strictPaths: strictPaths.optional(),
});
