/*
 * Reading foreign JSON without a library: guest code may import nothing but Node.js and two packages.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isString = (value: unknown): value is string => typeof value === 'string';

export const isNumber = (value: unknown): value is number => Number.isFinite(value);

export const isArrayOf =
  <T>(isItem: (value: unknown) => value is T) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.every(isItem);

export type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

/** Names of the fields that are missing or of the wrong type; a field in `optional` may be absent. */
export function wrongFields(value: JsonObject, required: Fields, optional: Fields = {}): readonly string[] {
  return [
    ...Object.keys(required).filter((name) => required[name]?.(value[name]) !== true),
    ...Object.keys(optional).filter(
      (name) => value[name] !== undefined && optional[name]?.(value[name]) !== true,
    ),
  ];
}
