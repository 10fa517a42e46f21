import type { CheckId } from '../check-id.ts';
import type { ServiceId } from '../../topology/service.ts';

/** A verdict that a cause explains. */
export interface Explained {
  readonly id: CheckId;
  readonly case?: string;
  readonly service?: ServiceId;
}

/** One thing that is wrong, and all that follows from it. */
export interface Cause {
  /** Stable from run to run: the check that tells it, and the object or service that it is about. */
  readonly id: string;
  /** The worst of the verdicts that it explains. */
  readonly verdict: 'fail' | 'unknown' | 'warn';
  /** What is broken, in words. */
  readonly title: string;
  /** `AuthorizationPolicy apps/orders-admin`, `Caddy`; null where no verdict names one. */
  readonly object: string | null;
  /** The differences or the observation that tells it; null where the title says all. */
  readonly seen: string | null;
  /** ISO 8601, where a verdict says so. */
  readonly since: string | null;
  /** What it does to people. */
  readonly effect: string;
  /** Commands that work verbatim, safest first. */
  readonly remedies: readonly string[];
  /** Waiting does not end it: what was read is not changed by itself. */
  readonly lasting: boolean;
  /** Every verdict that is not green because of it, the one that tells it included; in the order of the report. */
  readonly explains: readonly Explained[];
}
