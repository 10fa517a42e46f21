import { z } from 'zod';
import { policySchema } from './policy.ts';

/** RFC 1123 label, short enough that every derived container name fits. */
export const labName = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/, 'wants 1 to 30 of a-z, 0-9 and "-", starting with a letter');

/** A DNS zone of at least two labels: cookies need a parent of two labels. */
export const labDomain = z
  .string()
  .max(180)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    'wants a DNS name of at least two labels in lower case, such as mesh.localhost',
  );

export const tcpPort = z.coerce
  .number('wants a number')
  .int()
  .min(1, 'wants 1 to 65535')
  .max(65_535, 'wants 1 to 65535');

export const imageSource = z.enum(['registry', 'bundle', 'packages']);

/** meshdev.yaml. Every key is optional; unknown keys are errors, not silence. */
export const configFile = z.strictObject({
  name: labName.optional(),
  domain: labDomain.optional(),
  httpsPort: tcpPort.optional(),
  images: z.strictObject({ source: imageSource.optional() }).optional(),
  policy: policySchema.optional(),
});

export type ConfigFile = z.infer<typeof configFile>;
