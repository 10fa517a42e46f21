import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TABLES, withTables } from './docs-tables.ts';

/* Usage: npm run docs. Writes the generated parts of the documentation anew. */

for (const [path, tables] of Object.entries(TABLES)) {
  const file = join(import.meta.dirname, '../..', path);
  await writeFile(file, withTables(await readFile(file, 'utf8'), tables));
}
