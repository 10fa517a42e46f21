import type { OwnAnswer } from '../cases/own-answers/own-answer.ts';
import type { EdgeRecord } from '../records/edge-record.ts';
import type { WireResult } from './wire-result.ts';

/** One request that the edge has to answer by itself. */
export interface OwnRequest {
  readonly case: OwnAnswer;
  readonly wire: WireResult;
  /** First bytes that came back outside of TLS, Latin-1. */
  readonly first: string;
  readonly edge: EdgeRecord | undefined;
  /** Gateway or app wrote of it. */
  readonly isBehind: boolean;
}

/** Whether a client of a public name is given a session to be resumed. */
export interface SessionGiven {
  readonly host: string;
  readonly given: boolean;
  /** Why no answer came. */
  readonly error: string | undefined;
}
