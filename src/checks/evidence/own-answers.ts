import type { OwnAnswer } from '../../probe/corpora/own-answer.ts';
import type { EdgeRecord } from '../../records/edge-record.ts';
import type { WireResult } from '../evidence.ts';

/** One request that the edge has to answer by itself. */
export interface OwnWalk {
  readonly case: OwnAnswer;
  readonly wire: WireResult;
  /** First bytes that came back outside of TLS, Latin-1. */
  readonly first: string;
  readonly edge: EdgeRecord | undefined;
  /** Gateway or app wrote of it. */
  readonly isBehind: boolean;
}

/** Whether a session of one public name, offered in a handshake for another one, was taken up. */
export interface SessionTry {
  readonly from: string;
  readonly to: string;
  /** The server gave a session to be resumed. */
  readonly given: boolean;
  /** Undefined where none was given. */
  readonly resumed: boolean | undefined;
  /** Why a handshake did not come about. */
  readonly error: string | undefined;
}
