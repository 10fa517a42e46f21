import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { EngineFiles } from './engine-files.ts';

/**
 * What we remember of an engine that we started. `how` says who runs it, and so how it is stopped; `process`
 * tells it from one that somebody else started since, and without one it is taken for somebody else's.
 */
const EngineRecord = z.object({
  schemaVersion: z.literal(1),
  how: z.enum(['daemon', 'service']),
  process: z.object({ pid: z.int(), startTicks: z.int() }).optional(),
  socket: z.string(),
  thinRuntime: z.boolean(),
  /** Missing until it answered for the first time. */
  version: z.string().optional(),
  startedAt: z.iso.datetime(),
});

export type EngineRecord = Readonly<z.infer<typeof EngineRecord>>;

/** @returns undefined when there is none, or it is not readable: then nothing is ours. */
export async function readRecord(files: EngineFiles): Promise<EngineRecord | undefined> {
  try {
    return EngineRecord.parse(JSON.parse(await readFile(files.record, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the record as a whole: a reader sees the old one or the new one. */
export async function writeRecord(files: EngineFiles, record: EngineRecord): Promise<void> {
  const next = `${files.record}.next`;
  await mkdir(dirname(files.record), { recursive: true, mode: 0o700 });
  await writeFile(next, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(next, files.record);
}

export async function removeRecord(files: EngineFiles): Promise<void> {
  await rm(files.record, { force: true });
}
