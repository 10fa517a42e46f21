import { z } from 'zod';
import { APP_PROTOCOLS } from '../../topology/service.ts';
import { trustedHeaders } from '../edge-rules.ts';
import {
  filePath,
  hostName,
  imageName,
  label,
  listOf,
  method,
  namedBy,
  pathPattern,
  plainPath,
  port,
  roleName,
  userName,
  variableName,
} from './words.ts';
import { volumeProblem } from './volume.ts';

/** Keys that say where the program comes from: a service has exactly one of them. */
export const SOURCE_KEYS = ['image', 'build', 'manifests', 'local'] as const;
export type SourceKey = (typeof SOURCE_KEYS)[number];

const scalar = z
  .union([z.string(), z.number(), z.boolean()], {
    error: 'must be a value; one of this machine is named under secrets',
  })
  .transform(String);

const build = z.union(
  [
    filePath,
    z.strictObject({
      context: filePath,
      dockerfile: filePath.optional(),
      target: z.string().min(1).optional(),
      args: z.record(variableName, scalar).optional(),
    }),
  ],
  { error: 'must be a directory, or { context, dockerfile, target, args }' },
);

const local = z.strictObject({
  port,
  command: z.string().min(1).optional(),
  cwd: filePath.optional(),
});

const NO_VALUE =
  'a secret is never written into this file: use { file: PATH } or { environment: NAME }, with variable: NAME where the container expects it as a variable';

const secret = z
  .strictObject(
    { file: filePath.optional(), environment: variableName.optional(), variable: variableName.optional() },
    { error: ({ code }) => (code === 'invalid_type' ? NO_VALUE : undefined) },
  )
  .refine(({ file, environment }) => (file === undefined) !== (environment === undefined), {
    error: 'needs exactly one of file and environment',
  })
  .meta({ oneOf: [{ required: ['file'] }, { required: ['environment'] }] });

const rule = z.strictObject({
  roles: listOf(roleName).optional(),
  users: listOf(userName).optional(),
  from: listOf(label).optional(),
  methods: listOf(method).optional(),
  paths: listOf(pathPattern).optional(),
});

const appProtocol = z.enum(APP_PROTOCOLS, { error: `must be one of ${APP_PROTOCOLS.join(', ')}` });

const login = z.literal('none', {
  error: ({ input }) =>
    ['required', 'optional'].includes(String(input))
      ? `${String(input)} is not supported yet: this version has no sign-in in the browser; it must be none`
      : 'must be none',
});

const volume = z
  .string()
  .refine((text) => volumeProblem(text) === undefined, {
    error: ({ input }) => volumeProblem(String(input)),
  })
  .meta({ pattern: '^(/[^:]+|\\./[^:]+:/[^:]+(:ro)?)$' });

const resources = z.strictObject({
  cpu: z
    .union([
      z.number().positive(),
      z.string().regex(/^(\d+m|\d+(\.\d+)?)$/, 'must be cores, such as 0.5 or 500m'),
    ])
    .transform(String)
    .optional(),
  memory: z
    .string()
    .regex(/^[1-9]\d*(Ki|Mi|Gi)$/, 'must be an amount such as 256Mi')
    .optional(),
});

/** The keys of one service; what depends on several of them, or on other services, is in mistakes.ts. */
export const serviceShape = {
  image: imageName.optional(),
  build: build.optional(),
  manifests: z
    .union([filePath, listOf(filePath)], { error: 'must be a file or directory, or a list of them' })
    .optional(),
  local: local.optional(),
  port: port.optional(),
  extraPorts: z
    .array(
      z.strictObject({
        name: label.max(15, 'must be 15 characters at most'),
        port,
        appProtocol: appProtocol.optional(),
      }),
    )
    .optional(),
  appProtocol: appProtocol.optional(),
  host: hostName.optional(),
  namespace: label.optional(),
  environment: z.record(variableName, scalar).optional(),
  env_file: z.union([filePath, listOf(filePath)], { error: 'must be a file, or a list of files' }).optional(),
  secrets: z.record(label, secret).optional(),
  volumes: listOf(volume).optional(),
  resources: resources.optional(),
  replicas: z
    .int('must be a whole number')
    .min(1, 'must be from 1 to 10')
    .max(10, 'must be from 1 to 10')
    .optional(),
  command: z
    .array(z.string(), { error: 'must be a list, such as [node, server.js]' })
    .min(1, 'needs at least one')
    .optional(),
  health: z
    .union([plainPath, z.strictObject({ grpc: z.literal(true) })], {
      error: 'must be a path such as /healthz, or { grpc: true }',
    })
    .optional(),
  login: login.optional(),
  trust: z.boolean('must be true or false').optional(),
  allow: z.array(rule).optional(),
  egress: listOf(
    z
      .string()
      .regex(
        /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:([1-9]\d{0,4})$/,
        'must be host:port, such as api.example.com:443',
      ),
  ).optional(),
  headers: trustedHeaders.optional(),
  check: z
    .strictObject({
      path: plainPath.optional(),
      as: userName.optional(),
      rpc: z
        .string()
        .regex(/^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/, 'must be package.Service/Method')
        .optional(),
    })
    .optional(),
  active: z.enum(['safe', 'full'], { error: 'must be safe or full' }).optional(),
  depends_on: listOf(label).optional(),
};

const serviceSchema = z.strictObject(serviceShape).meta({
  oneOf: [
    ...(['image', 'build', 'manifests'] as const).map((key) => ({ required: [key, 'port'] })),
    { required: ['local'], not: { required: ['port'] } },
  ],
});

export type ServiceValues = z.infer<typeof serviceSchema>;
export type RuleValues = z.infer<typeof rule>;

/** `services:` of meshdev.yaml. */
export const services = namedBy('label', serviceSchema);

/** `identity:` of meshdev.yaml. */
export const identity = z.strictObject({
  users: namedBy('user', z.strictObject({ roles: z.array(roleName).optional() })).optional(),
});
