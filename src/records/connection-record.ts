import { z } from 'zod';
import { parseJson } from '../parse-json.ts';

/** What a proxy wrote about a connection whose handshake it gave up. */
export interface ConnectionRecord {
  /** SHA-256 of the client's leaf, lower-case hexadecimal; undefined where none was shown. */
  readonly peer: string | undefined;
  /** Envoy's words with blanks, as it says them elsewhere: `… verify cert failed: certificate has expired …` */
  readonly failure: string;
}

const line = z.object({
  record: z.literal('connection'),
  downstream_peer_fingerprint: z.string().nullish(),
  downstream_failure: z.string(),
});

/** Records of refused connections in a proxy's log; lines of other kinds are passed over. */
export function parseConnectionLog(text: string): readonly ConnectionRecord[] {
  return text.split('\n').flatMap((row) => {
    const parsed = row.startsWith('{') ? line.safeParse(parseJson(row)) : undefined;
    if (parsed?.success !== true) return [];
    const { downstream_peer_fingerprint: peer, downstream_failure: failure } = parsed.data;
    return [
      {
        peer: peer == null || peer === '' || peer === '-' ? undefined : peer.toLowerCase(),
        failure: failure.replaceAll('_', ' '),
      },
    ];
  });
}
