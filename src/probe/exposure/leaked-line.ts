import { z } from 'zod';
import type { LeakedLine } from '../../evidence/exposure.ts';
import { withoutCredentials } from '../../guest/credential-forms.ts';
import { parseJson } from '../../parse-json.ts';

/** Requests as edge, proxies, app and identity provider write them, each in its own words. */
const line = z.object({
  method: z.string().optional().catch(undefined),
  path: z.string().optional().catch(undefined),
  uri: z.string().optional().catch(undefined),
  meshdev_id: z.string().optional().catch(undefined),
  request: z.object({ method: z.string(), uri: z.string() }).optional().catch(undefined),
});

/** Longer paths are cut: it is about finding the request again. */
const LONGEST = 160;

/** Pure: which request a line of any log of the lab is about, without what is secret in it. */
export function requestIn(text: string): Pick<LeakedLine, 'request' | 'id'> {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return { request: undefined, id: undefined };
  const { method, path, uri, request, meshdev_id: id } = parsed.data;
  const [asked, target] = [method ?? request?.method, path ?? uri ?? request?.uri];
  const words = asked === undefined && target === undefined ? undefined : `${asked ?? '?'} ${target ?? '?'}`;
  return {
    request: words === undefined ? undefined : withoutCredentials(words).slice(0, LONGEST),
    id: id === undefined ? undefined : withoutCredentials(id),
  };
}
