import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { strictPaths, trustedHeaders } from '../config/edge-rules.ts';
import { imageProfile, labDomain, labName, mirrorAddress, tcpPort } from '../config/schema.ts';
import { filePath } from '../config/services/words.ts';

/** What `up` remembers of a lab, so that later commands need no flags. No secrets. */
const labRecord = z.object({
  schemaVersion: z.literal('1'),
  name: labName,
  domain: labDomain,
  httpsPort: tcpPort,
  imageSource: z.object({
    kind: z.enum(['registry', 'bundle', 'packages']),
    because: z.string(),
    /** What the images bring; absent in the records of older versions. */
    profile: imageProfile.exactOptional(),
  }),
  /** How images were brought; a mirror given once is not given again with every command. */
  images: z
    .object({
      bundle: filePath.exactOptional(),
      mirror: z.record(z.string(), mirrorAddress),
      profile: imageProfile,
      downloads: z.string(),
      ca: filePath.exactOptional(),
      lock: filePath.exactOptional(),
    })
    .exactOptional(),
  /** What the edge lets pass. */
  edge: z.object({ trustedHeaders, strictPaths }).exactOptional(),
  /** Absolute path of the meshdev.yaml that the lab was made from. */
  configFile: filePath.exactOptional(),
  meshdevVersion: z.string(),
  /** The chain was proved after the last change; a run that was stopped before leaves false. */
  settled: z.boolean().default(false),
  /** The user's own files as the first `up` found them, by path. Digests and marks, no contents. */
  machine: z.record(z.string(), z.object({ digest: z.string(), mentions: z.array(z.string()) })).optional(),
});

export type LabRecord = Readonly<z.infer<typeof labRecord>>;

/** The record, or undefined when there is none that this version can read. */
export async function readLabRecord(path: string): Promise<LabRecord | undefined> {
  try {
    const parsed = labRecord.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export async function writeLabRecord(path: string, record: LabRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
