import { redact } from '../../errors/redact.ts';
import type { Decision } from '../../run/step.ts';
import type { PartSeen } from '../../run/part-seen.ts';

/** How a part that differs from what is wanted is brought back: changed in place or made anew. */
export type Repair = 'update' | 'replace';

/** The decision table of every step: absent → create, stopped → start, differs → repair, same → keep. */
export function decideFor(part: PartSeen, repair: Repair): Decision {
  const because = redact(part.seen);
  switch (part.state) {
    case 'same':
      return { action: 'keep', because };
    case 'absent':
      return { action: 'create', because };
    case 'stopped':
      return { action: 'start', because };
    case 'differs':
      return { action: repair, because };
  }
}
