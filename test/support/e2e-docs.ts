import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mismatch } from './docs/compare.ts';
import { allSessions } from './docs/documents.ts';
import { type PlaceOfDocs, toDocument, toLab, variablesOf } from './docs/lab-bridge.ts';
import { type Moment, nameOf, type Session } from './docs/sessions.ts';
import { openShell, type Shell } from './docs/shell.ts';
import type { Home } from './e2e-home.ts';
import { LAB } from './e2e-lab.ts';

/** All of the documents, in the order of a reader. */
export const SESSIONS: readonly Session[] = await allSessions();

export function sessionsAt(moment: Moment): readonly Session[] {
  return SESSIONS.filter(({ mark }) => mark.kind === 'run' && mark.moment === moment);
}

/** A test for each session of a moment. */
export function tellSessions(reader: () => Reader, moment: Moment): void {
  it.for(sessionsAt(moment).map((session) => [nameOf(session), session] as const))(
    '%s',
    async ([, session]) => {
      await reader().follow(session);
      expect(reader().followed.has(session)).toBe(true);
    },
  );
}

/** A reader of the documentation, who has a shell for each document and a directory of their own. */
export interface Reader extends AsyncDisposable {
  readonly directory: string;
  /** The sessions that were followed to their end so far, each with what it printed. */
  readonly followed: ReadonlyMap<Session, string>;
  /**
   * Runs a session as it stands and compares what it prints with what the document says.
   * @returns what it printed
   * @throws with the place in the document where they differ
   */
  follow(session: Session): Promise<string>;
}

export async function openReader(home: Home): Promise<Reader> {
  // Not in the user's home: what a reader makes is not what meshdev leaves there.
  const directory = await mkdtemp(join(tmpdir(), 'meshdev-reader-'));
  const place = { name: LAB.name, httpsPort: LAB.httpsPort, home: directory, stateDir: home.stateDir };
  // The documented output is that of a shell without certificates of its own.
  const env = { ...home.env, NODE_EXTRA_CA_CERTS: undefined, ...variablesOf(place), CURL_HOME: directory };
  // On a terminal curl shows no progress, as what it prints is shown there.
  await writeFile(join(directory, '.curlrc'), 'no-progress-meter\n');
  const shells = new Map<string, Shell>();
  const shellOf = (file: string): Shell => {
    const shell = shells.get(file) ?? openShell(env, directory);
    shells.set(file, shell);
    return shell;
  };
  const followed = new Map<Session, string>();
  return {
    directory,
    followed,
    follow: async (session) => {
      const printed = await follow(session, shellOf(session.file), place);
      followed.set(session, printed);
      return printed;
    },
    [Symbol.asyncDispose]: async () => {
      for (const shell of shells.values()) await shell[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** To its end, whatever differs: what a session breaks, its last command repairs. */
async function follow({ file, commands }: Session, shell: Shell, place: PlaceOfDocs): Promise<string> {
  const all: string[] = [];
  const wrong: string[] = [];
  for (const { line, command, expected } of commands) {
    const printed = await shell.run(toLab(command, place));
    const differs = mismatch(expected, toDocument(printed, place));
    if (differs !== undefined) wrong.push(`${file}:${line}: $ ${command}\n${differs}`);
    all.push(printed);
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n\n'));
  return all.join('');
}
