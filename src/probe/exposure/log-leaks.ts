import type { Leak, Leaks, LogPlace, SearchedPlace } from '../../evidence/exposure.ts';
import type { PrivateJwk } from '../../guest/idp/config.ts';
import { issuersBelieved, type TokenIssuer } from '../../mesh/key-set.ts';
import { jwkThumbprint } from '../../trust/token.ts';
import { tokensIn } from '../../trust/tokens-in-text.ts';
import { type Judge, liveTokenJudge } from './live-tokens.ts';
import { requestIn } from './leaked-line.ts';
import { type FoundLine, searchNodeLogs, type SearchedLog } from './node-log-search.ts';
import { type Canary, secretsIn } from './secret-forms.ts';
import type { Needs } from '../probe-context.ts';

/** Of each log of a container: what the edge writes in about ten checks. */
const MOST_LINES = 20_000;
/** Of each log of a pod: what a proxy writes in about ten checks. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Log {
  readonly place: LogPlace;
  readonly searched: SearchedPlace;
  readonly lines: readonly FoundLine[];
}

/**
 * Reads the newest of every log of the lab: of its containers, of all pods of the cluster, and of the node itself.
 * Secrets of the lab are looked for by their values, and tokens by their form: whoever sent one, it is judged as the
 * sidecar of the sample service would judge it now.
 */
export async function collectLogLeaks(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'signal'>,
  canaries: readonly Canary[],
): Promise<Leaks> {
  const [issuers, own, pods] = await Promise.all([
    believed(probeContext),
    containerLogs(probeContext),
    nodeLogs(probeContext, canaries),
  ]);
  const judge = await liveTokenJudge(issuers, Date.now());
  const logs = [...own, ...pods];
  const each = await Promise.all(logs.map((log) => leaksOf(log, canaries, judge)));
  return {
    searched: logs.map(({ searched }) => searched),
    found: each.flatMap(({ found }) => found),
    dead: each.reduce((sum, { dead }) => sum + dead, 0),
  };
}

/** The provider's own words for whom it issues ID tokens to, beside what the sidecar believes. */
async function believed({
  context: { cluster, lab },
  keys: { idp },
  signal,
}: Needs<'context' | 'keys' | 'signal'>): Promise<readonly TokenIssuer[]> {
  const keys = idp.jwks.keys.map(publicOf);
  const audiences = [lab.audience, ...Object.values(lab.clients)];
  const own = { issuer: lab.issuer, audiences, keySet: JSON.stringify({ keys }) };
  // A cluster that does not answer is for other checks to name.
  return [own, ...(await issuersBelieved(cluster, lab, signal).catch(() => []))];
}

/** As the provider publishes it: without a name of its own a key is known by its thumbprint. */
function publicOf({ kty, crv, x, y, kid }: PrivateJwk) {
  return { kty, crv, x, y, kid: kid ?? jwkThumbprint({ kty, crv, x, y }), alg: 'ES256' };
}

async function containerLogs({
  context: { lab },
  engine,
  signal,
}: Needs<'context' | 'engine' | 'signal'>): Promise<readonly Log[]> {
  const { edge, idp, probe } = lab.containers;
  return Promise.all(
    [edge, idp, probe].map(async (name) => {
      const lines = await engine.containers.logs(name, { tail: MOST_LINES }, signal);
      const bytes = lines.reduce((sum, { text }) => sum + text.length, 0);
      const partly = lines.length >= MOST_LINES ? ({ partly: true } as const) : {};
      const place = { kind: 'container', name } as const;
      return { place, lines, searched: { place: `log of ${name}`, bytes, ...partly } };
    }),
  );
}

async function nodeLogs(
  { context: { lab }, engine, signal }: Needs<'context' | 'engine' | 'signal'>,
  canaries: readonly Canary[],
): Promise<readonly Log[]> {
  const { node } = lab.cluster;
  const values = canaries.map(({ value }) => value);
  const found = await searchNodeLogs(engine, { node, values, bytes: MOST_BYTES, signal });
  return found.map((searched) => logOf(searched, node));
}

function logOf({ log, bytes, lines }: SearchedLog, node: string): Log {
  if (log === 'journal')
    return {
      place: { kind: 'journal' },
      lines,
      searched: { place: `journal of ${node}`, bytes },
    };
  const { namespace, pod, container } = log;
  const partly = bytes >= MOST_BYTES - 1_000_000 ? ({ partly: true } as const) : {};
  return {
    place: { kind: 'pod', ...log },
    lines,
    searched: { place: `log of ${namespace}/${pod} ${container}`, bytes, ...partly },
  };
}

/** What one log gives away, each thing once, with the first request that left it there. */
async function leaksOf(
  { place, searched, lines }: Log,
  canaries: readonly Canary[],
  judge: Judge,
): Promise<Pick<Leaks, 'found' | 'dead'>> {
  const found = new Map<string, Leak>();
  const dead = new Set<string>();
  for (const { at, text } of suspicious(lines, canaries)) {
    const judged = await Promise.all(
      tokensIn(text).map(async (token) => ({ token, live: await judge(token) })),
    );
    const live = judged.filter((one) => one.live !== undefined);
    for (const one of judged) if (one.live === undefined) dead.add(one.token);
    // A token is one thing, not also the signature that it ends with.
    const others = canaries.filter(({ value }) => !live.some(({ token }) => token.includes(value)));
    for (const leak of [...live.flatMap((one) => one.live ?? []), ...secretLeaks(text, others)]) {
      const before = found.get(leak.what) ?? { where: searched.place, ...leak };
      const line = before.line ?? { log: place, at, ...requestIn(text), times: 0 };
      found.set(leak.what, { ...before, line: { ...line, times: line.times + 1 } });
    }
  }
  return { found: [...found.values()], dead: dead.size };
}

function secretLeaks(text: string, canaries: readonly Canary[]): readonly Pick<Leak, 'what' | 'token'>[] {
  return secretsIn(text, canaries).map((what) =>
    canaries.some((canary) => canary.what === what && canary.isToken === true)
      ? { what, token: { until: undefined } }
      : { what },
  );
}

const MAY_BE_TOKEN = /(?:e|%(?:25)*65)(?:y|%(?:25)*79)(?:J|%(?:25)*4[Aa])/;

/** Of many thousand lines those that are worth a second look; most logs have none. */
function suspicious(lines: readonly FoundLine[], canaries: readonly Canary[]): readonly FoundLine[] {
  const hasSecret = secretsIn(lines.map(({ text }) => text).join('\n'), canaries).length > 0;
  return lines.filter(
    ({ text }) => MAY_BE_TOKEN.test(text) || (hasSecret && secretsIn(text, canaries).length > 0),
  );
}
