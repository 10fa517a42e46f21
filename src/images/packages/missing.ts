import type { Stage } from './stage.ts';

/**
 * The stages that must be made so that `targets` exist, in order. A stage that is only needed by
 * stages that are there already is not made again.
 */
export function missingStages(
  stages: readonly Stage[],
  targets: readonly string[],
  isThere: (stage: string) => boolean,
): readonly Stage[] {
  const wanted = new Set(targets);
  const missing: Stage[] = [];
  for (const stage of stages.toReversed()) {
    if (!wanted.has(stage.id) || isThere(stage.id)) continue;
    missing.unshift(stage);
    for (const need of stage.needs) wanted.add(need);
  }
  return missing;
}
