import { z } from 'zod';
import type { IstiodTrust } from '../../evidence/istiod-trust.ts';
import { parseJson } from '../../parse-json.ts';
import { istiodLog } from '../mesh/istiod-log.ts';
import type { Needs } from '../probe-context.ts';

type Fetches = IstiodTrust['fetches'];

/** Long enough to tell late from never. */
const LOOK_BACK_MS = 120_000;
/** What the edge writes in the 90 s that istiod has at most, checks running all the while; an engine reads all of a log otherwise. */
const MOST_LINES = 8_000;
/** istiod doubles its pause with every failure in a row, up to an hour. */
const LONGEST_PAUSE_MS = 3_600_000;
const line = z.object({
  ts: z.number(),
  status: z.number(),
  user_agent: z.string(),
  request: z.object({ uri: z.string() }),
});

/** Fetches of the key set by istiod, and why it may hold back: the last failure that may still slow it down. */
export async function keySetFetches(
  probeContext: Needs<'context' | 'engine' | 'signal'>,
): Promise<Pick<IstiodTrust, 'fetches' | 'lastFailure'>> {
  const fetches = await fetchesSince(probeContext, new Date(Date.now() - LOOK_BACK_MS));
  const asks = fetches.some(({ status }) => status === 200);
  const log = await istiodLog(probeContext, new Date(Date.now() - (asks ? LOOK_BACK_MS : LONGEST_PAUSE_MS)));
  const lastFailure = failuresIn(log, probeContext.context.lab.hosts.rogueServer).at(-1);
  return { fetches, ...(lastFailure === undefined ? {} : { lastFailure }) };
}

async function fetchesSince(
  { context: { lab }, engine, signal }: Needs<'context' | 'engine' | 'signal'>,
  since: Date,
): Promise<Fetches> {
  const lines = await engine.containers.logs(lab.containers.edge, { since, tail: MOST_LINES }, signal);
  return lines.flatMap(({ text }) => fetchIn(text) ?? []);
}

/** By a client written in Go: nothing else of a lab's that asks for the key set is. */
function fetchIn(text: string): Fetches[number] | undefined {
  const parsed = text.includes('"/jwks"') ? line.safeParse(parseJson(text)) : undefined;
  if (parsed?.success !== true) return undefined;
  const { ts, status, user_agent: agent, request } = parsed.data;
  const isIstiod = request.uri === '/jwks' && agent.startsWith('Go-http-client/');
  return isIstiod ? { at: ts * 1000, status } : undefined;
}

/** istiod asks no issuer for that long after one of them failed to answer, the first time. */
const FIRST_PAUSE_MS = 60_000;

/** What makes istiod hold back at that moment, whichever issuer it was that failed: it holds back for all. */
export async function pauseOfIstiod(
  probeContext: Needs<'context' | 'signal'>,
  at: Date,
): Promise<string | undefined> {
  const log = await istiodLog(probeContext, new Date(at.getTime() - FIRST_PAUSE_MS));
  return failuresIn(log).at(-1)?.what;
}

/** Pure: the failed refreshes in istiod's log, oldest first; without those of the bad issuers of our own, where they are named. */
export function failuresIn(
  log: string,
  rogueServer?: string,
): readonly { readonly at: number; readonly what: string }[] {
  return log.split('\n').flatMap((row) => {
    const [, time = '', what = ''] =
      /^(\S+)\terror\tmodel\t(Failed to (?:refresh JWT public key|resolve Jwks) from .*)$/.exec(row) ?? [];
    const isOurs = rogueServer !== undefined && what.includes(`//${rogueServer}:`);
    return time === '' || isOurs ? [] : [{ at: Date.parse(time), what }];
  });
}
