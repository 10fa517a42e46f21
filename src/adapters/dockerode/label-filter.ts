import type { Labels } from '../../ports/container-engine.ts';

/** Filter of the engine's list calls: objects that carry each of these labels. */
export function labelFilter(labels: Labels): { label: string[] } {
  return { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
}
