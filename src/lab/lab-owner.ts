import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import { hasCode } from '../errors/system-error.ts';
import { parseJson } from '../parse-json.ts';
import type { OwnerMark } from '../topology/labels.ts';
import type { LabPaths, Paths } from '../topology/paths.ts';

const ownerFile = z.object({
  schemaVersion: z.literal('1'),
  id: z.uuid(),
  by: z.string(),
  from: z.string(),
  at: z.iso.datetime(),
  /** The lab was made by a version that marked nothing: what has no mark is this lab's too. */
  takenOver: z.boolean(),
});

/** What a state directory holds of a lab that says whose the lab is. */
export interface OwnState {
  /** Undefined before the first `up`, and for a lab that a version before made. */
  readonly mark: OwnerMark | undefined;
  /** A version that marked nothing made this lab, from this state directory. */
  readonly unmarkedIsOurs: boolean;
  /** Port of the API server in the lab's kubeconfig. */
  readonly apiPort: number | undefined;
}

/** The identity of one lab in its state directory. */
export interface LabOwner {
  read(): Promise<OwnState>;
  /** The mark for what is made from now on; written down the first time. */
  ensure(): Promise<OwnerMark>;
}

export function createLabOwner(paths: Pick<Paths, 'stateDir'>, files: LabPaths): LabOwner {
  return { read: () => readOwnState(files), ensure: () => ensureMark(paths, files) };
}

async function readOwnState(files: LabPaths): Promise<OwnState> {
  const [kept, names, kubeconfig] = await Promise.all([
    readOwnerFile(files.owner),
    readdir(files.labDir).catch(() => []),
    readFile(files.kubeconfig, 'utf8').catch(() => ''),
  ]);
  const port = /^\s*server: https:\/\/127\.0\.0\.1:(\d+)\s*$/m.exec(kubeconfig)?.[1];
  return {
    mark: kept === undefined ? undefined : markOf(kept),
    unmarkedIsOurs: kept?.takenOver ?? names.length > 0,
    apiPort: port === undefined ? undefined : Number(port),
  };
}

async function ensureMark({ stateDir }: Pick<Paths, 'stateDir'>, files: LabPaths): Promise<OwnerMark> {
  const { mark, unmarkedIsOurs } = await readOwnState(files);
  if (mark !== undefined) return mark;
  const made: OwnerMark = { id: randomUUID(), by: whoWeAre(), from: stateDir, at: new Date().toISOString() };
  const draft = `${files.owner}.${made.id}`;
  await mkdir(files.labDir, { recursive: true, mode: 0o700 });
  await writeFile(
    draft,
    `${JSON.stringify({ schemaVersion: '1', ...made, takenOver: unmarkedIsOurs }, null, 2)}\n`,
    { mode: 0o600 },
  );
  try {
    // Steps run beside each other: the first one's mark is everybody's.
    await link(draft, files.owner);
    return made;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return (await readOwnState(files)).mark ?? made;
  } finally {
    await unlink(draft);
  }
}

/** The mark in a file of this kind, wherever it is; undefined when it is not there or not readable. */
export async function readMark(path: string): Promise<OwnerMark | undefined> {
  const kept = await readOwnerFile(path);
  return kept === undefined ? undefined : markOf(kept);
}

async function readOwnerFile(path: string): Promise<z.infer<typeof ownerFile> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return ownerFile.safeParse(parseJson(text)).data;
}

function markOf({ id, by, from, at }: z.infer<typeof ownerFile>): OwnerMark {
  return { id, by, from, at };
}

function whoWeAre(): string {
  return `${userName()}@${hostname()}`;
}

/** A user of a container may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
