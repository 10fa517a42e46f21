import { z } from 'zod';
import { checkDocument } from '../../src/report/check-schema.ts';

export const SCHEMA_FILE = 'schemas/check-report.schema.json';

/** The JSON Schema that is shipped, made from the one that types are made of. */
export function schemaText(): string {
  const schema = z.toJSONSchema(checkDocument, { target: 'draft-2020-12' });
  const head = { $id: 'check-report.schema.json', title: 'meshdev check -o json' };
  return `${JSON.stringify({ ...schema, ...head }, null, 2)}\n`;
}
