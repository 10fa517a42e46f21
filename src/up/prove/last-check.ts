import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { CheckReport } from '../../checks/verdict.ts';
import { nameOf } from '../../checks/verdict.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { parseJson } from '../../parse-json.ts';

const lastCheck = z.object({
  schemaVersion: z.literal('1'),
  at: z.iso.datetime(),
  /** `MD-JWT-010[alg-none]`, or the id alone where a check has no cases. */
  red: z.array(z.string()),
});

/** What is known to be red: of the last time that each case was judged, by whichever command. */
export type LastCheck = Readonly<z.infer<typeof lastCheck>>;

/** Undefined where nothing was judged yet. */
export async function readLastCheck(path: string): Promise<LastCheck | undefined> {
  return lastCheck.safeParse(parseJson(await readFile(path, 'utf8').catch(() => ''))).data;
}

/**
 * Adds what a report says to what was known, and keeps it for `status` and the next `up`. The verdicts stand
 * whether or not that can be written.
 * @param whole ids of the checks that were judged with all their cases: one that is not among them is gone
 * @param warn told when it cannot be written
 */
export async function rememberVerdicts(
  path: string,
  report: CheckReport,
  whole: ReadonlySet<string>,
  warn: (text: string) => void,
): Promise<LastCheck> {
  const known = knownAfter(await readLastCheck(path), report, whole);
  await writeLastCheck(path, known).catch((error: unknown) =>
    warn(`\`meshdev status\` and the next \`meshdev up\` do not know these verdicts: ${textOf(error)}`),
  );
  return known;
}

async function writeLastCheck(path: string, last: LastCheck): Promise<void> {
  const next = `${path}.next`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(next, `${JSON.stringify(last, null, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}

/** Pure: what is known after this report. What it judged is as it says, what it left out (`skip`) as it was. */
export function knownAfter(
  before: LastCheck | undefined,
  report: CheckReport,
  whole: ReadonlySet<string>,
): LastCheck {
  const red = report.checks.filter(({ verdict }) => isRed(verdict.kind)).map(nameOf);
  const judged = new Map(report.checks.map((result) => [nameOf(result), result.verdict.kind]));
  const kept = (before?.red ?? []).filter((name) =>
    judged.has(name) ? judged.get(name) === 'skip' : !whole.has(idOf(name)),
  );
  return { schemaVersion: '1', at: report.startedAt, red: [...new Set([...kept, ...red])] };
}

function isRed(kind: CheckReport['checks'][number]['verdict']['kind']): boolean {
  return kind === 'fail' || kind === 'unknown';
}

/** Pure: ids of the checks that these names are cases of. */
export function idsOf(red: readonly string[]): ReadonlySet<string> {
  return new Set(red.map(idOf));
}

function idOf(name: string): string {
  return name.replace(/\[.*$/s, '');
}

/** Pure: `MD-A-001, MD-B-002 and 3 more`, by check. */
export function redText({ red }: Pick<LastCheck, 'red'>): string {
  const ids = [...idsOf(red)];
  return ids.slice(0, 5).join(', ') + (ids.length > 5 ? ` and ${ids.length - 5} more` : '');
}
