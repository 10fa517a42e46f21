import type { CheckProgress } from '../checks/run-checks.ts';

/** How far the proof is: a counter that moves. */
export function proofCounter({ judged, checks }: CheckProgress): string {
  return `${judged} of ${checks} checks judged`;
}

/** Where the checks are that still wait, hop by hop; empty when none does. */
export function proofOpen({ open }: CheckProgress): string {
  const hops = [...open].map(([hop, count]) => `${hop.replace('->', ' -> ')} ${count}`);
  return hops.length === 0 ? '' : `remaining: ${hops.join(', ')}`;
}
