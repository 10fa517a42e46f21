import type { MeshdevError } from '../errors/meshdev-error.ts';
import type { PlannedStep } from './step.ts';

/** What happens while a plan runs; reporters are views over this stream and nothing else. */
export type RunEvent =
  | { readonly kind: 'step-started'; readonly step: PlannedStep }
  | { readonly kind: 'step-progress'; readonly step: PlannedStep; readonly message: string }
  | { readonly kind: 'step-finished'; readonly step: PlannedStep; readonly durationMs: number }
  | { readonly kind: 'step-failed'; readonly step: PlannedStep; readonly error: MeshdevError }
  | { readonly kind: 'step-not-started'; readonly step: PlannedStep; readonly because: string };

export type Emit = (event: RunEvent) => void;
