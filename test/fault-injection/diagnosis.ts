import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckReport } from '../../src/checks/verdict.ts';
import { parseJson } from '../../src/parse-json.ts';
import { diagnosed } from './support/diagnosed.ts';
import { readModules } from './support/modules.ts';

/*
 * What a person is told of each fault: `node test/fault-injection/diagnosis.ts DIR`. DIR holds a file for each module,
 * `{ "module": "mesh/permissive.ts", "report": <CheckReport> }`, with the report of the lab that the module broke.
 * Prints a row for each module and the share that is named; exit code 1 below the goal.
 */

/** At least this share of the first causes has to name what was changed. */
const GOAL = 0.95;
const MOST_LINES = 60;

/** The reports were written by this code: only what tells one from another file is checked. */
const file = z.object({
  module: z.string(),
  report: z.custom<CheckReport>(
    (value) =>
      z.object({ kind: z.literal('CheckReport'), checks: z.array(z.unknown()) }).safeParse(value).success,
  ),
});

const [dir = '.'] = process.argv.slice(2);
const modules = new Map((await readModules()).map(({ name, fault }) => [name.replace(/\.ts$/, ''), fault]));
const paths = (await readdir(dir)).filter((name) => name.endsWith('.json')).toSorted();
const rows = await Promise.all(
  paths.map(async (path) => {
    const { module, report } = file.parse(parseJson(await readFile(join(dir, path), 'utf8')));
    const name = module.replace(/\.ts$/, '');
    return { name, ...diagnosed(report, modules.get(name) ?? {}) };
  }),
);
process.stdout.write(
  '| module | named | line | lines | causes | first cause |\n| --- | --- | ---: | ---: | ---: | --- |\n',
);
for (const { name, isNamed, firstLine, lines, causes, top } of rows) {
  const cells = [
    name,
    isNamed === true ? 'yes' : 'NO',
    firstLine ?? '-',
    lines,
    causes,
    top?.slice(0, 160) ?? 'none',
  ];
  process.stdout.write(`| ${cells.join(' | ').replaceAll('\n', ' ')} |\n`);
}
const named = rows.filter(({ isNamed }) => isNamed === true).length;
const long = rows.filter(({ lines }) => lines > MOST_LINES).length;
process.stdout.write(
  `\n${named} of ${rows.length} named (${((100 * named) / Math.max(1, rows.length)).toFixed(1)} %), ${long} longer than ${MOST_LINES} lines\n`,
);
process.exitCode = rows.length > 0 && named / rows.length >= GOAL && long === 0 ? 0 : 1;
