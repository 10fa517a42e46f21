import { z } from 'zod';
import type { RequestLogKey } from '../mesh/manifests/access-log.ts';
import { parseJson } from '../parse-json.ts';

/** What one proxy (gateway or sidecar) wrote about one request; what it left empty is undefined. */
export type ProxyRecord = Readonly<Partial<Record<RequestLogKey, string>>>;

const line = z.looseObject({ record: z.literal('request') });

/** Access records of a proxy's log; start-up messages and records of connections are passed over. */
export function parseProxyLog(text: string): readonly ProxyRecord[] {
  return text.split('\n').flatMap((row) => {
    const parsed = row.startsWith('{') ? line.safeParse(parseJson(row)) : undefined;
    return parsed?.success === true ? [toRecord(parsed.data)] : [];
  });
}

/** Envoy writes "-" or null for what a request did not have. */
function toRecord(row: Readonly<Record<string, unknown>>): ProxyRecord {
  const given = Object.entries(row).filter(([, value]) => value !== null && value !== '-' && value !== '');
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
