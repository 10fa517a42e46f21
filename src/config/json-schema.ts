import { z } from 'zod';
import { configFile } from './schema.ts';

/** meshdev.yaml for editors, made from the schema that the program reads it with. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(configFile, { target: 'draft-2020-12', io: 'input' });
  return { ...schema, $id: 'meshdev-config.schema.json', title: 'meshdev.yaml' };
}

/** The keys that may stand at a place of the file. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let at: readonly unknown[] = [configJsonSchema()];
  for (const key of path) at = at.flatMap((schema) => below(schema, key));
  return at.flatMap((schema) => Object.keys(objectIn(schema, 'properties')));
}

function below(schema: unknown, key: PropertyKey): readonly unknown[] {
  const own: unknown = Reflect.get(objectIn(schema, 'properties'), key);
  const next = own ?? field(schema, 'additionalProperties') ?? field(schema, 'items');
  const options = field(next, 'anyOf');
  return Array.isArray(options) ? options : [next];
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function objectIn(value: unknown, key: string): object {
  const found = field(value, key);
  return typeof found === 'object' && found !== null ? found : {};
}
