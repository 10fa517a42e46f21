import type { Collect } from '../evidence/collect.ts';
import type { EvidenceKey } from '../evidence/evidence-map.ts';
import { oncePerKey } from '../once.ts';

/** The same, but each key is gathered once, whoever asks: the checks of the lab, and those of its services. */
export function sharedCollect(collect: Collect): Collect;
export function sharedCollect(
  collect: (key: EvidenceKey) => Promise<unknown>,
): (key: EvidenceKey) => Promise<unknown> {
  return oncePerKey(collect);
}
