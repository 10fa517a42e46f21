import type { Machine } from '../../evidence/exposure.ts';
import { readLabRecord } from '../../lab/lab-record.ts';
import type { Needs } from '../probe-context.ts';

/** The user's own files now, beside what `up` recorded of them before it changed anything. */
export async function collectMachine({ context }: Needs<'context'>): Promise<Machine> {
  const [now, record] = await Promise.all([context.machine(), readLabRecord(context.files.record)]);
  return { now, before: record?.machine };
}
