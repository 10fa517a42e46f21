import type { ShotWalk } from '../../evidence/corpora.ts';
import type { AskedAgain } from '../../evidence/asked-again.ts';
import type { Party } from './party-logs.ts';
import { PATIENCE_MS } from './records.ts';
import type { Needs } from '../witness.ts';
import { patience } from '../../run/patience.ts';

/*
 * A line of a log is lost now and then: where a log is rotated, or on a machine that stalls. What was not seen is
 * asked once more, with the same request. It may only fill in a record that is missing, and never change what
 * came back: whatever else is odd about a request is a finding, and is judged as it was seen.
 */

/** A request that was sent, and the party whose record of it did not come. */
export interface Traced {
  readonly walk: ShotWalk;
  readonly silent: Party | undefined;
}

/** Of one batch. More are no lost line: a party that does not write is a fault, and judges say so. */
const MOST = 3;
/** To send a few requests, and to wait for their records as long as for the first. */
const TAKES_MS = PATIENCE_MS + 2_000;

type Ways = Needs<'leftMs' | 'asked'>;

export interface Again {
  /** Whether a request may be sent twice. */
  readonly may: (request: string) => boolean;
  /** Sends these again, with names of their own. */
  readonly send: (requests: ReadonlySet<string>) => Promise<ReadonlyMap<string, Traced>>;
}

/** @returns the same requests, with the second walk of those whose first left a gap */
export async function askAgain(
  { leftMs, asked }: Ways,
  traced: ReadonlyMap<string, Traced>,
  { may, send }: Again,
): Promise<ReadonlyMap<string, Traced>> {
  const lost = [...traced].flatMap(([id, each]) => lostOf(id, each) ?? []);
  const wanted = lost.filter(({ request }) => may(request));
  const inTime = leftMs === undefined || patience(TAKES_MS) < leftMs();
  if (wanted.length === 0 || lost.length > MOST || !inTime) return traced;
  const second = await send(new Set(wanted.map(({ request }) => request)));
  asked.push(...wanted);
  return new Map([...traced].map(([id, first]) => [id, better(first, second.get(id))]));
}

/** Pure: undefined where nothing is missing, and where what was seen is a finding without it. */
function lostOf(request: string, { walk, silent }: Traced): AskedAgain | undefined {
  if (silent === undefined || isFinding(walk, silent)) return undefined;
  return { request, lacked: silent };
}

/** Somebody wrote of it whom it should have come to through the silent one, or another than the app answered. */
function isFinding({ status, app, sidecar, echo, meshdevId }: ShotWalk, silent: Party): boolean {
  const isBeyond =
    silent === 'app' ? false : app !== undefined || (silent !== 'sidecar' && sidecar !== undefined);
  const isStrange =
    status === 200 && (meshdevId === undefined || echo?.headers['x-meshdev-id']?.[0] !== meshdevId);
  return isBeyond || isStrange;
}

/** Pure: the second, where it was answered as the first and every party wrote of it. */
function better(first: Traced, second: Traced | undefined): Traced {
  const isSame = second !== undefined && second.walk.status === first.walk.status;
  return isSame && second.silent === undefined ? second : first;
}
