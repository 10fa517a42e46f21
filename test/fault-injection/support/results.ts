import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../../src/parse-json.ts';

const line = z.object({
  /** Path of the module below test/fault-injection. */
  name: z.string(),
  /** Of the module and of all code that judges it: a result of other code is worth nothing. */
  digest: z.string(),
  category: z.string(),
  what: z.string(),
  /** Nothing missing, no surplus, settled, and green again when it was put back. */
  isRight: z.boolean(),
  turned: z.array(z.string()),
  wrong: z.array(z.string()),
  transient: z.array(z.string()),
  mayTurn: z.array(z.string()),
  mayTurnSeen: z.array(z.string()),
  reports: z.number(),
  seconds: z.number(),
});

/** What became of one module. */
export type Result = z.infer<typeof line>;

/** Results of one machine, a line of JSON each; written as each module ends, so that a run may be cut. */
export interface Results {
  readonly all: () => readonly Result[];
  readonly add: (result: Result) => Promise<void>;
}

/**
 * @param file ends in `.jsonl`; the table is beside it, in `.md`
 * @param resume keeps what is in the file
 */
export async function openResults(file: string, resume: boolean): Promise<Results> {
  if (!resume) await rm(file, { force: true });
  const text = await readFile(file, 'utf8').catch(() => '');
  const found = text.split('\n').flatMap((each) => {
    // The last line of a run that was cut may be half of one.
    const parsed = line.safeParse(parseJson(each));
    return parsed.success ? [parsed.data] : [];
  });
  await mkdir(dirname(file), { recursive: true });
  return {
    all: () => found,
    add: async (result) => {
      found.push(result);
      await appendFile(file, `${JSON.stringify(result)}\n`);
      await writeFile(file.replace(/\.jsonl$/, '.md'), renderTable(newest(found)));
    },
  };
}

/** Pure: the last result of each module. */
function newest(results: readonly Result[]): readonly Result[] {
  return [...new Map(results.map((one) => [one.name, one])).values()].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** Pure: names of the modules that need not be tried again, because this very code was right about them. */
export function doneBefore(
  results: readonly Result[],
  digests: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const right = newest(results).filter(
    ({ isRight, name, digest }) => isRight && digests.get(name) === digest,
  );
  return new Set(right.map(({ name }) => name));
}

/** Pure: the table for people, with what was wrong, what may turn and what turned only for a moment below it. */
export function renderTable(results: readonly Result[]): string {
  const rows = results.map(({ category, what, isRight, turned, reports, seconds }) =>
    [
      category,
      what,
      isRight ? 'as named' : 'WRONG',
      turned.map(cell).join('<br>'),
      reports,
      seconds.toFixed(1),
    ].join(' | '),
  );
  const may = results.filter(({ mayTurn }) => mayTurn.length > 0);
  const count = may.reduce((sum, { mayTurn }) => sum + mayTurn.length, 0);
  return [
    '| category | sabotage | | verdicts that turned | reports | s |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
    `${results.length} modules, ${results.filter(({ isRight }) => isRight).length} as named.`,
    ...section(
      'Wrong',
      results.flatMap(({ name, wrong }) => wrong.map((one) => `${name}: ${one}`)),
    ),
    ...section(
      `May turn and need not: ${count} names in ${may.length} modules`,
      may.flatMap(({ name, mayTurn, mayTurnSeen }) =>
        mayTurn.map((one) => `${name}: ${one}, ${mayTurnSeen.includes(one) ? 'turned' : 'did not turn'}`),
      ),
    ),
    ...section(
      'Turned for a moment, unnamed',
      results.flatMap(({ name, transient }) => transient.map((one) => `${name}: ${one}`)),
    ),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', `## ${title}`, '', ...(lines.length === 0 ? ['none'] : lines.map((one) => `- ${one}`))];
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ');
}
