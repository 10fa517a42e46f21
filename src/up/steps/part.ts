import type { LabKeys } from '../../keys/lab-keys.ts';
import type { LabContext, ReachedEngine } from '../../lab/lab-context.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import type { StepRun } from '../../run/step.ts';
import type { ServiceImage } from '../../ports/service-images.ts';
import type { Survey } from '../../ports/image-source.ts';

/** What one step is responsible for: how it is looked at and how it is brought to what is wanted. */
export interface Part {
  /** Reads only. Undefined: the lab has nothing of the kind, and needs nothing. */
  observe(look: Look): Promise<PartSeen | undefined>;
  /** Idempotent: may find the work done, by a run that was interrupted or by the user. */
  apply(context: LabContext, run: StepRun): Promise<void>;
}

/** What several observers need, gathered once. */
export interface Look {
  readonly context: LabContext;
  readonly reached: ReachedEngine | undefined;
  readonly survey: Survey;
  /** Of the services of meshdev.yaml; empty while no engine answers. */
  readonly serviceImages: readonly ServiceImage[];
  /** Undefined while the lab has no keys, or none that fit. */
  readonly keys: LabKeys | undefined;
  /** The API server answers: objects can be compared. */
  readonly clusterUp: boolean;
  /** Milliseconds since the epoch: what certificates are judged by. */
  readonly at: number;
  readonly signal: AbortSignal;
}

export const ENGINE_DOWN: PartSeen = { state: 'absent', seen: 'no container engine answers yet' };
export const KEYS_MISSING: PartSeen = { state: 'absent', seen: 'its keys do not exist yet' };
