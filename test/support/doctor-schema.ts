import { z } from 'zod';
import { doctorDocument } from '../../src/report/doctor-schema.ts';

export const DOCTOR_SCHEMA_FILE = 'schemas/doctor-report.schema.json';

/** The JSON Schema that is shipped, made from the one that types are made of. */
export function doctorSchemaText(): string {
  const schema = z.toJSONSchema(doctorDocument, { target: 'draft-2020-12' });
  const head = { $id: 'doctor-report.schema.json', title: 'meshdev doctor -o json' };
  return `${JSON.stringify({ ...schema, ...head }, null, 2)}\n`;
}
