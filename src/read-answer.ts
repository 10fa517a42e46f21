import type { z } from 'zod';
import { MeshdevError } from './errors/meshdev-error.ts';
import { redact } from './errors/redact.ts';
import { parseJson } from './parse-json.ts';

/** So much of an answer is shown; so much of it is looked through for secrets before. */
const SHOWN = 200;
const REDACTED = 4_000;

/**
 * What an engine, a cluster, a proxy or a tool answered, as far as it is read. Others decide what they answer: what does
 * not fit is their word and no mistake in meshdev.
 * @param doing what was asked and of whom: "inspecting container edge"
 * @throws MeshdevError ANSWER_UNREADABLE with what was asked and how the answer begins, redacted
 */
export function readAnswer<S extends z.ZodType>(schema: S, answer: unknown, doing: string): z.output<S> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  // The client of the engine hands over the bytes of what it cannot parse.
  if (answer instanceof Uint8Array) throw unreadable(doing, 'it is not JSON', textOf(answer), parsed.error);
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw unreadable(doing, `${at}${issue?.message ?? 'it does not match the schema'}`, answer, parsed.error);
}

/** The same for the text of a JSON document. @throws MeshdevError ANSWER_UNREADABLE */
export function readJsonAnswer<S extends z.ZodType>(schema: S, text: string, doing: string): z.output<S> {
  const answer = parseJson(text);
  if (answer === undefined) throw unreadable(doing, 'it is not JSON', text);
  return readAnswer(schema, answer, doing);
}

function unreadable(doing: string, why: string, answer: unknown, cause?: unknown): MeshdevError {
  return new MeshdevError('ANSWER_UNREADABLE', {
    message: `${doing} · the response cannot be parsed (${why}); it begins ${beginningOf(answer)}`,
    cause,
  });
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, REDACTED));
}

function beginningOf(answer: unknown): string {
  const whole = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? String(answer));
  if (whole === '') return 'with nothing: it is empty';
  const text = redact(whole.slice(0, REDACTED)).replaceAll(/[\p{Cc}\s]+/gu, ' ');
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
