import { z } from 'zod';
import { HOP_IDS } from '../topology/hop.ts';

/* Where the JSON Schema of `check -o json` comes from: `npm run docs` writes it to schemas/. */

const text = z.string();
const hop = z.enum([...HOP_IDS, 'host', 'lab']);
const verdict = z.enum(['pass', 'warn', 'fail', 'unknown', 'skip']);
const count = z.int().min(0);
const id = text.regex(/^MD-[A-Z]+-\d{3}$/);
const record = z.record(text, text).nullable();

const handshake = z.strictObject({
  kind: z.literal('handshake'),
  ended: text,
  alert: text.nullable(),
  protocol: text.nullable(),
  cipher: text.nullable(),
  alpn: text.nullable(),
  status: z.int().nullable(),
  presented: z.array(text).describe('sha256:… of each certificate that the server presented, leaf first'),
});

const exchange = z.strictObject({
  kind: z.literal('exchange'),
  ended: text,
  status: z.int().nullable(),
  meshdevId: text.nullable().describe('the request id that the edge assigned'),
  edge: z
    .strictObject({ status: z.int(), upstream: text.optional(), error: text.optional() })
    .nullable()
    .describe('the log record of the edge'),
  gateway: record.describe('the log record of the gateway'),
  sidecar: record.describe('the log record of the sidecar'),
  app: z
    .strictObject({ method: text, uri: text, status: z.int(), userAgent: text })
    .nullable()
    .describe('the log line of the app; null if the request did not reach the app'),
});

const fact = z.strictObject({ kind: z.literal('fact'), what: text, seen: text });

const cell = z.strictObject({
  kind: z.literal('cell').describe('one cell of an access matrix'),
  subject: text,
  method: text,
  path: text,
  expected: z.enum(['allow', 'deny']),
  actual: z.enum(['allow', 'deny']).nullable(),
  status: z.int().nullable(),
  refuser: z.enum(['edge', 'gateway', 'sidecar']).nullable(),
  policy: text.nullable().describe('namespace/name#rule, or none; null if no proxy reported it'),
});

const check = z.strictObject({
  id,
  service: text
    .optional()
    .describe('the service of meshdev.yaml that it is about; absent if it is about the lab and its sample'),
  case: text.nullable().describe('one of several verdicts of a check'),
  title: text.describe('an assertion; it is true exactly when the verdict is pass'),
  hop,
  polarity: z.enum(['positive', 'negative']),
  control: z
    .strictObject({ id, verdict: verdict.nullable().describe('null if it was not judged') })
    .nullable()
    .describe('negative only: the positive control, which verifies that the path works'),
  expects: z
    .strictObject({
      by: z.enum(['edge', 'gateway', 'sidecar', 'idp', 'client', 'istiod', 'api']),
      how: z.enum(['alert', 'closed', 'status', 'stripped']).nullable(),
      reason: text.nullable(),
    })
    .nullable()
    .describe('negative only: the component that has to refuse, and how'),
  verdict,
  code: text.nullable().describe('reason code of a verdict that is not green; meshdev explain CODE'),
  message: text.nullable(),
  remedies: z.array(text),
  because: text.nullable().describe('evidence of a pass, or the reason for a skip'),
  tries: z.int().min(1),
  durationMs: z.number().min(0),
  evidence: z.array(z.discriminatedUnion('kind', [handshake, exchange, cell, fact])),
});

const brokenLink = z.strictObject({ hop, id, message: text }).nullable();

const service = z.strictObject({
  service: text,
  firstBroken: brokenLink.describe('the first broken link among the results of this service'),
  pass: count,
  warn: count,
  fail: count,
  unknown: count,
  skip: count,
});

const cause = z.strictObject({
  id: text.describe('stable: the check that names it, and the object or service that it is about'),
  verdict: z.enum(['fail', 'unknown', 'warn']).describe('the worst verdict that it explains'),
  title: text.describe('what is broken'),
  object: text
    .nullable()
    .describe('the object, as `Kind namespace/name`, the container or `Caddy`; null if no verdict names one'),
  seen: text.nullable().describe('the differences or the observation that shows it'),
  since: z.iso.datetime().nullable().describe('since when, if it is known'),
  effect: text.describe('what it means for users'),
  remedies: z.array(text),
  lasting: z.boolean().describe('waiting does not end it'),
  explains: z
    .array(
      z.strictObject({
        id,
        service: text.optional(),
        case: text.nullable(),
      }),
    )
    .describe('the verdicts that are not green because of it'),
});

/** One document; keys are never renamed within a schemaVersion. */
export const checkDocument = z.strictObject({
  schemaVersion: z.literal('1'),
  kind: z.literal('CheckReport'),
  lab: text,
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  interrupted: z.boolean(),
  strict: z.boolean().describe('treat warnings as failures'),
  firstBroken: brokenLink.describe('the first broken link of the chain'),
  causes: z
    .array(cause)
    .describe('the smallest set of causes that explains every verdict that is not green; the worst first'),
  summary: z.strictObject({
    pass: count,
    warn: count,
    fail: count,
    unknown: count,
    skip: count,
    exitCode: z.literal([0, 1, 6, 130, 143]),
  }),
  services: z
    .array(service)
    .optional()
    .describe('the verdicts of each service of meshdev.yaml; absent if none was judged'),
  askedAgain: z
    .array(z.strictObject({ request: text, lacked: z.literal(['edge', 'gateway', 'sidecar', 'app']) }))
    .describe('requests that were sent again because a component had no record of them'),
  checks: z.array(check),
});

export type CheckDocument = z.infer<typeof checkDocument>;
