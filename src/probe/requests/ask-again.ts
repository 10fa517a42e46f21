import type { ShotRequest } from '../../evidence/corpora.ts';
import type { AskedAgain } from '../../evidence/asked-again.ts';
import type { Component } from './component-logs.ts';
import { PATIENCE_MS } from './records.ts';
import type { Needs } from '../probe-context.ts';
import { patience } from '../../run/patience.ts';

/*
 * A line of a log is lost now and then: where a log is rotated, or on a machine that stalls. What was not seen is
 * asked once more, with the same request. It may only fill in a record that is missing, and never change what
 * came back: whatever else is odd about a request is a finding, and is judged as it was seen.
 */

/** A request that was sent, and the component whose record of it did not come. */
export interface Outcome {
  readonly traced: ShotRequest;
  readonly silent: Component | undefined;
}

/** Of one batch. More are no lost line: a component that does not write is a fault, and judges say so. */
const MOST = 3;
/** To send a few requests, and to wait for their records as long as for the first. */
const TAKES_MS = PATIENCE_MS + 2_000;

type Ways = Needs<'leftMs' | 'asked'>;

export interface Again {
  /** Whether a request may be sent twice. */
  readonly may: (request: string) => boolean;
  /** Sends these again, with names of their own. */
  readonly send: (requests: ReadonlySet<string>) => Promise<ReadonlyMap<string, Outcome>>;
}

/** @returns the same requests, with the second traced request of those whose first left a gap */
export async function askAgain(
  { leftMs, asked }: Ways,
  outcomes: ReadonlyMap<string, Outcome>,
  { may, send }: Again,
): Promise<ReadonlyMap<string, Outcome>> {
  const lost = [...outcomes].flatMap(([id, each]) => lostOf(id, each) ?? []);
  const wanted = lost.filter(({ request }) => may(request));
  const inTime = leftMs === undefined || patience(TAKES_MS) < leftMs();
  if (wanted.length === 0 || lost.length > MOST || !inTime) return outcomes;
  const second = await send(new Set(wanted.map(({ request }) => request)));
  asked.push(...wanted);
  return new Map([...outcomes].map(([id, first]) => [id, better(first, second.get(id))]));
}

/** Pure: undefined where nothing is missing, and where what was seen is a finding without it. */
function lostOf(request: string, { traced, silent }: Outcome): AskedAgain | undefined {
  if (silent === undefined || isFinding(traced, silent)) return undefined;
  return { request, lacked: silent };
}

/** Somebody wrote of it whom it should have come to through the silent one, or another than the app answered. */
function isFinding({ status, app, sidecar, echo, meshdevId }: ShotRequest, silent: Component): boolean {
  const isBeyond =
    silent === 'app' ? false : app !== undefined || (silent !== 'sidecar' && sidecar !== undefined);
  const isStrange =
    status === 200 && (meshdevId === undefined || echo?.headers['x-meshdev-id']?.[0] !== meshdevId);
  return isBeyond || isStrange;
}

/** Pure: the second, where it was answered as the first and every component wrote of it. */
function better(first: Outcome, second: Outcome | undefined): Outcome {
  const isSame = second !== undefined && second.traced.status === first.traced.status;
  return isSame && second.silent === undefined ? second : first;
}
