import { createHash } from 'node:crypto';
import type { Json, Stage } from './stage.ts';

/** JSON with sorted names: equal data gives equal text. */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}

// Array.isArray does not narrow a readonly array out of a union.
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Sixteen hexadecimal digits over canonical data: short enough for an image tag. */
export function keyOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);
}

/**
 * The key of every stage: its own inputs, the keys of what it needs, and the machine type.
 * `stages` is ordered: a stage comes after all it needs.
 */
export function stageKeys(stages: readonly Stage[], arch: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const stage of stages) {
    const needs = stage.needs.map((id) => [id, known(keys, id, stage.id)]);
    keys.set(stage.id, keyOf({ stage: stage.id, arch, inputs: stage.inputs, needs }));
  }
  return keys;
}

function known(keys: ReadonlyMap<string, string>, id: string, wantedBy: string): string {
  const key = keys.get(id);
  if (key === undefined) throw new RangeError(`stage ${wantedBy} needs ${id}, which is not an earlier stage`);
  return key;
}
