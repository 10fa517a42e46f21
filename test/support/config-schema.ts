import { configJsonSchema } from '../../src/config/json-schema.ts';

export const CONFIG_SCHEMA_FILE = 'schemas/meshdev-config.schema.json';

/** The JSON Schema of meshdev.yaml that is shipped for editors. */
export function configSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}
