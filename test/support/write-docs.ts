import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG_SCHEMA_FILE, configSchemaText } from './config-schema.ts';
import { TABLES, withTables } from './docs-tables.ts';
import { DOCTOR_SCHEMA_FILE, doctorSchemaText } from './doctor-schema.ts';
import { SCHEMA_FILE, schemaText } from './report-schema.ts';

/* Usage: npm run docs. Writes the generated parts of the documentation and the published schemas anew. */

for (const [path, text] of [
  [SCHEMA_FILE, schemaText()],
  [CONFIG_SCHEMA_FILE, configSchemaText()],
  [DOCTOR_SCHEMA_FILE, doctorSchemaText()],
] as const)
  await writeFile(join(import.meta.dirname, '../..', path), text);
for (const [path, tables] of Object.entries(TABLES)) {
  const file = join(import.meta.dirname, '../..', path);
  await writeFile(file, withTables(await readFile(file, 'utf8'), tables));
}
