import type { Ending } from './ending.ts';
import type { HttpResponse } from './job.ts';

export interface Exchanged {
  readonly response?: HttpResponse;
  /** Why the exchange stopped short, where it did. */
  readonly ending?: Ending;
}
