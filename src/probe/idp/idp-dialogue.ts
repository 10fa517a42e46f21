import { z } from 'zod';
import type { IdpAnswer } from '../../evidence/idp.ts';
import { type EdgeAccess, edgeRequest, type EdgeResponse } from '../../edge/edge-request.ts';
import { parseJson } from '../../parse-json.ts';

export type Parameters = Readonly<Record<string, string>>;

/** Requests as no library would write them: the library is not what is tested. */
export async function askAuthorization(access: EdgeAccess, parameters: Parameters): Promise<IdpAnswer> {
  const url = new URL(`${access.lab.issuer}/auth`);
  url.search = new URLSearchParams(parameters).toString();
  return answerOf(
    access,
    await edgeRequest(access, url, { method: 'GET', headers: { accept: 'text/html' } }),
  );
}

export async function askToken(
  access: EdgeAccess,
  parameters: Parameters,
  headers: Readonly<Record<string, string>> = {},
): Promise<IdpAnswer> {
  const response = await edgeRequest(access, new URL(`${access.lab.issuer}/token`), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(parameters).toString(),
  });
  return answerOf(access, response);
}

export function basic(id: string, secret: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

/** What an answer says, without tokens, codes and pages. */
export function answerOf(
  { lab }: Pick<EdgeAccess, 'lab'>,
  { status, headers, body }: Pick<EdgeResponse, 'status' | 'headers' | 'body'>,
): IdpAnswer {
  const to = headers.location === undefined ? undefined : new URL(headers.location, lab.issuer);
  const error = to?.searchParams.get('error') ?? errorIn(body);
  const meshdevId = headers['x-meshdev-id'];
  return {
    status,
    ...(error === undefined ? {} : { error }),
    ...(to === undefined ? {} : { redirect: `${to.origin}${to.pathname}` }),
    ...(typeof meshdevId === 'string' ? { meshdevId } : {}),
  };
}

const problem = z.object({ error: z.string() });

/** JSON of the token endpoint, or the page that people see. */
function errorIn(body: string): string | undefined {
  const page = /<dt>error<\/dt><dd>([^<]*)</.exec(body)?.[1];
  if (page !== undefined || !body.startsWith('{')) return page;
  const parsed = problem.safeParse(parseJson(body));
  return parsed.success ? parsed.data.error : undefined;
}
