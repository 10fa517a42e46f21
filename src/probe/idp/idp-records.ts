import { z } from 'zod';
import type { IdpAnswer } from '../../evidence/idp.ts';
import { parseJson } from '../../parse-json.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { Needs } from '../probe-context.ts';

const PATIENCE_MS = 5_000;
const INTERVAL_MS = 150;
/** More than the IdP writes meanwhile; an engine reads all of a log otherwise. */
const MOST_LINES = 2_000;

const line = z.object({ event: z.literal('request'), meshdev_id: z.string(), status: z.number() });

/** Status by the edge's id of the request, in the IdP's own words. */
export type IdpRecords = ReadonlyMap<string, number>;

/** Waits until the IdP has written of each of these, or for five seconds. */
export async function fetchIdpRecords(
  { context: { lab }, engine, signal }: Needs<'context' | 'engine' | 'signal'>,
  ids: readonly string[],
  since: Date,
): Promise<IdpRecords> {
  return lookUntil(
    async () => {
      const lines = await engine.containers.logs(lab.containers.idp, { since, tail: MOST_LINES }, signal);
      return parseIdpLog(lines.map(({ text }) => text));
    },
    (records) => ids.every((id) => records.has(id)),
    { timeoutMs: PATIENCE_MS, intervalMs: INTERVAL_MS, signal },
  );
}

export function parseIdpLog(lines: readonly string[]): IdpRecords {
  return new Map(
    lines.flatMap((text) => {
      const parsed = line.safeParse(parseJson(text));
      return parsed.success ? [[parsed.data.meshdev_id, parsed.data.status]] : [];
    }),
  );
}

export function confirmed(answer: IdpAnswer, records: IdpRecords): IdpAnswer {
  const recorded = answer.meshdevId === undefined ? undefined : records.get(answer.meshdevId);
  return recorded === undefined ? answer : { ...answer, recorded };
}
