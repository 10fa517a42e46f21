import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Echo, TracedRequest } from '../../evidence/traced-request.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { AppRecord } from '../../records/app-record.ts';
import { decodeToken, textClaim } from '../../trust/token.ts';
import type { ServiceId } from '../../topology/service.ts';
import { type Records, sidecarKey } from './look-up.ts';
import { parseJson } from '../../parse-json.ts';

/**
 * This request's own User-Agent: every component writes that header down, refused or not, so it finds
 * the records of a request that no id came back from.
 */
export function newAgent(): string {
  return `meshdev-check/${randomBytes(8).toString('hex')}`;
}

/** @param service the user's service that it was for: the answer of its app is no echo, and is not kept */
export function toTracedRequest(
  wire: WireResult,
  agent: string,
  records: Records,
  service?: ServiceId,
): TracedRequest {
  const meshdevId = wire.headers['x-meshdev-id'];
  const seen = {
    status: wire.status,
    ended: wire.ended,
    headers: wire.headers,
    meshdevId,
    edge: records.edge.get(agent),
    gateway: records.gateway.get(agent),
  };
  if (service !== undefined) {
    const { pod, record } = records.sidecars.get(sidecarKey(service, agent)) ?? {};
    const ofPod = pod === undefined ? {} : { pod };
    return { ...seen, ...ofPod, body: '', sidecar: record, app: undefined, echo: undefined };
  }
  return {
    ...seen,
    body: wire.body,
    sidecar: records.sidecar.get(agent),
    app: withoutToken(records.app.get(agent)),
    echo: wire.status === 200 ? parseEcho(wire.body) : undefined,
  };
}

/** A token in the query is a token. */
function withoutToken(app: AppRecord | undefined): AppRecord | undefined {
  return app === undefined ? undefined : { ...app, uri: hideToken(app.uri) };
}

function hideToken(url: string): string {
  return url.replace(/(access_token=)[^&]+/g, '$1[token]');
}

const echo = z.object({
  headers: z.record(z.string(), z.array(z.string())),
  method: z.string().optional(),
  url: z.string().optional(),
  data: z.string().optional(),
});

/** The sample app's answer. Credentials in it are replaced by what they say at once. */
export function parseEcho(body: string): Echo | undefined {
  const parsed = echo.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { headers, method, url, data } = parsed.data;
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values]),
  );
  const { authorization, cookie: _, ...shown } = lower;
  const bearers = (authorization ?? []).flatMap((value) => value.split(',')).map(bearerOf);
  const subject = bearers[0];
  const digests = authorization?.map(sha256Hex);
  return {
    headers: shown,
    ...(method === undefined ? {} : { method }),
    ...(url === undefined ? {} : { url: hideToken(url) }),
    ...(data === undefined ? {} : { body: data }),
    ...(subject === undefined ? {} : { subject }),
    ...(bearers.length < 2 ? {} : { bearers: bearers.map((bearer) => bearer ?? 'unreadable') }),
    ...(digests === undefined ? {} : { authorization: digests }),
  };
}

/** A token's thumbprint tells two of them apart and opens nothing. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whom one credential is of. */
function bearerOf(credential: string): string | undefined {
  const read = decodeToken(credential.trim().replace(/^Bearer +/, ''));
  return read.kind === 'jwt' ? textClaim(read.claims, 'sub') : undefined;
}
