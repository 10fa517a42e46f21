import type { createLocalJWKSet } from 'jose';
import { z } from 'zod';
import type { TokenIssuer } from '../../mesh/key-set.ts';
import { parseJson } from '../../parse-json.ts';
import { decodeToken, textClaim } from '../../trust/token.ts';

/** A token that would be accepted now. */
export interface LiveToken {
  /** `access token of ann`. */
  readonly what: string;
  readonly token: { readonly until: number };
}

/** The token's claims when somebody accepts it, undefined otherwise. */
export type Judge = (token: string) => Promise<LiveToken | undefined>;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

const claims = z.object({ sub: z.string().default('an unknown subject'), exp: z.number() });

interface Believed {
  readonly issuer: string;
  readonly audience: string[] | undefined;
  readonly keys: ReturnType<typeof createLocalJWKSet>;
}

/**
 * Judges tokens as the chain does at this moment: signature, issuer, audience, time. Each is judged once.
 * @param at milliseconds since the epoch
 */
export async function liveTokenJudge(issuers: readonly TokenIssuer[], at: number): Promise<Judge> {
  const { createLocalJWKSet, jwtVerify } = await import('jose');
  const believed: readonly Believed[] = issuers.flatMap(({ issuer, audiences, keySet: text }) => {
    const parsed = keySet.safeParse(parseJson(text));
    if (!parsed.success) return [];
    const audience = audiences.length === 0 ? undefined : [...audiences];
    return [{ issuer, audience, keys: createLocalJWKSet(parsed.data) }];
  });
  const judged = new Map<string, Promise<LiveToken | undefined>>();
  const judge: Judge = async (token) => {
    const read = decodeToken(token);
    if (read.kind === 'malformed') return undefined;
    for (const { keys, issuer, audience } of believed) {
      if (textClaim(read.claims, 'iss') !== issuer) continue;
      const options = { issuer, currentDate: new Date(at), ...(audience === undefined ? {} : { audience }) };
      const verified = await jwtVerify(token, keys, options).catch(() => undefined);
      const parsed = claims.safeParse(verified?.payload);
      if (parsed.success)
        return {
          what: `live ${kindOf(read.header)} of ${parsed.data.sub}`,
          token: { until: parsed.data.exp * 1000 },
        };
    }
    return undefined;
  };
  return (token) => {
    const running = judged.get(token) ?? judge(token);
    judged.set(token, running);
    return running;
  };
}

function kindOf(header: Readonly<Record<string, unknown>>): string {
  return header['typ'] === 'at+jwt' ? 'access token' : 'token';
}
