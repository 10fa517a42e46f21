import { z } from 'zod';
import { edgeRules } from './edge-rules.ts';
import { PROFILE_NAMES } from '../profiles.ts';
import { policySchema } from './policy.ts';
import { filePath } from './services/words.ts';
import { identity, services } from './services/service-schema.ts';

/** RFC 1123 label, short enough that every derived container name fits. */
export const labName = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/,
    'must have 1 to 30 characters of a-z, 0-9 and "-", start with a letter and not end with "-"',
  );

/** A DNS zone of at least two labels: cookies need a parent of two labels. */
export const labDomain = z
  .string()
  .max(180)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    'must be a DNS name of at least two labels in lower case, such as mesh.localhost',
  );

export const tcpPort = z.coerce
  .number('must be a number')
  .int()
  .min(1, 'must be from 1 to 65535')
  .max(65_535, 'must be from 1 to 65535');

export const imageSource = z.enum(['registry', 'bundle', 'packages']);

/** `official`: as the projects publish them. `stock`: what the source `packages` built, put into a registry. */
export const imageProfile = z.enum(PROFILE_NAMES);

/**
 * Where images are pulled from instead: `host`, `host:port/prefix`, or a URL. Credentials are Docker's
 * business, and plain HTTP is for this machine alone.
 */
export const mirrorAddress = z
  .string()
  .regex(
    /^(https?:\/\/)?[a-zA-Z0-9.-]+(:\d{1,5})?(\/[a-z0-9._/-]*)?$|^(https?:\/\/)?\[[0-9a-f:]+\](:\d{1,5})?(\/[a-z0-9._/-]*)?$/,
    'must be host[:port][/prefix], optionally after https:// or, on loopback, http://, and without credentials',
  )
  .refine(
    (text) => !text.startsWith('http://') || LOOPBACK.test(text),
    'must not use http:// except on loopback',
  );

const LOOPBACK = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/;

/** One mirror for all registries, or one for each that has one: `docker.io: mirror.example/hub`. */
export const imageMirror = z
  .union([mirrorAddress.transform((all) => ({ '*': all })), z.record(z.string(), mirrorAddress)])
  .transform((mirrors): Readonly<Record<string, string>> => mirrors);

/** Base of release files; the path below it is that of the project: `<base>/istio/istio/releases/download/…`. */
export const downloadsBase = z
  .url('must be a URL')
  .regex(
    /^(https:\/\/|http:\/\/(localhost|127\.|\[::1\]))/,
    'must start with https://, or with http:// on loopback',
  )
  .refine((text) => !/^https?:\/\/[^/]*@/.test(text), 'must not contain credentials')
  .transform((text) => text.replace(/\/+$/, ''));

/** meshdev.yaml. Every key is optional; unknown keys are errors, not silence. */
export const configFile = z.strictObject({
  apiVersion: z.literal('meshdev/v1', { error: 'must be meshdev/v1' }).optional(),
  name: labName.optional(),
  domain: labDomain.optional(),
  httpsPort: tcpPort.optional(),
  images: z
    .strictObject({
      source: imageSource.optional(),
      bundle: filePath.optional(),
      mirror: imageMirror.optional(),
      profile: imageProfile.optional(),
      downloads: downloadsBase.optional(),
      ca: filePath.optional(),
      lock: filePath.optional(),
    })
    .optional(),
  edge: edgeRules.optional(),
  policy: policySchema.optional(),
  identity: identity.optional(),
  services: services.optional(),
  sample: z.boolean('must be true or false').optional(),
});

export type ConfigFile = z.infer<typeof configFile>;
