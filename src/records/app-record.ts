import { z } from 'zod';
import { parseJson } from '../parse-json.ts';

/** What the sample app itself wrote about one request: its own word that the request arrived. */
export interface AppRecord {
  readonly method: string;
  /** As the app received it, query included. */
  readonly uri: string;
  readonly status: number;
  readonly userAgent: string;
}

const line = z.object({
  method: z.string(),
  uri: z.string(),
  status: z.number(),
  user_agent: z.string(),
});

/** Request lines of the echo program's JSON log; start-up messages are passed over. */
export function parseAppLog(text: string): readonly AppRecord[] {
  return text.split('\n').flatMap((row) => {
    const parsed = row.startsWith('{') ? line.safeParse(parseJson(row)) : undefined;
    if (parsed?.success !== true) return [];
    const { method, uri, status, user_agent: userAgent } = parsed.data;
    return [{ method, uri, status, userAgent }];
  });
}
