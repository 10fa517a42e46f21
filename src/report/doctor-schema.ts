import { z } from 'zod';
import { SUBJECTS } from '../doctor/finding.ts';

/* Where the JSON Schema of `doctor -o json` comes from: `npm run docs` writes it to schemas/. */

const text = z.string();
const count = z.int().min(0);

const finding = z.strictObject({
  id: text.regex(/^MD-HOST-\d{3}$/),
  case: text.nullable().describe('one of several findings of an assertion'),
  subject: z.enum(Object.keys(SUBJECTS)),
  title: text.describe('an assertion; it is true exactly when the state is ok'),
  state: z.enum(['ok', 'warn', 'fatal', 'unknown', 'skip']),
  code: text.nullable().describe('fatal only: the error with which `up` refuses the same'),
  seen: text.describe('what was seen; of unknown and skip, the reason'),
  why: text.describe('what happens to a lab when the title is not true'),
  remedies: z.array(text).describe('commands that repair it, safest first'),
  fix: text.nullable().describe('what `doctor --fix` would change, in words'),
});

/** One document; keys are never renamed within a schemaVersion. */
export const doctorDocument = z.strictObject({
  schemaVersion: z.literal('1'),
  kind: z.literal('DoctorReport'),
  lab: text,
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  summary: z.strictObject({
    ok: count,
    warn: count,
    fatal: count,
    unknown: count,
    skip: count,
    exitCode: z.literal([0, 3]),
  }),
  fixed: z.array(text).describe('changes that `doctor --fix` made before this report, in words'),
  findings: z.array(finding),
});

export type DoctorDocument = z.infer<typeof doctorDocument>;
