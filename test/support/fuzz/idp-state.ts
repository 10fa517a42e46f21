import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type EdgeAccess, edgeRequest, type EdgeResponse } from '../../../src/edge/edge-request.ts';
import { type IdpState, STATE_SIZE } from './idp-knowledge.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const deviceAnswer = z.object({ user_code: z.string(), device_code: z.string() });

/** Begins logins and device flows as browsers and devices do. */
export async function beginIdpState(access: EdgeAccess): Promise<IdpState> {
  const times = Array.from({ length: STATE_SIZE });
  const [interactions, devices, codes] = await Promise.all([
    Promise.all(times.map(() => beginLogin(access))),
    Promise.all(times.map(() => openDevicePage(access))),
    Promise.all(times.map(() => beginDevice(access))),
  ]);
  return {
    interactions,
    devices,
    userCodes: codes.map(({ user_code: code }) => code),
    deviceCodes: codes.map(({ device_code: code }) => code),
  };
}

async function beginLogin(access: EdgeAccess): Promise<IdpState['interactions'][number]> {
  const url = new URL(`${access.lab.issuer}/auth`);
  url.search = new URLSearchParams({
    client_id: access.lab.clients.cli,
    redirect_uri: 'http://127.0.0.1:4711/callback',
    response_type: 'code',
    scope: 'openid',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const answer = await edgeRequest(access, url, { method: 'GET' });
  const uid = /\/interaction\/([\w-]+)$/.exec(answer.headers.location ?? '')?.[1];
  if (uid === undefined) throw new Error(`a login begins with HTTP ${answer.status}: ${answer.body}`);
  return { uid, cookie: cookiesOf(answer) };
}

async function openDevicePage(access: EdgeAccess): Promise<IdpState['devices'][number]> {
  const answer = await edgeRequest(access, new URL(`${access.lab.issuer}/device`), { method: 'GET' });
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(answer.body)?.[1];
  if (xsrf === undefined) throw new Error(`the device page is HTTP ${answer.status}: ${answer.body}`);
  return { xsrf, cookie: cookiesOf(answer) };
}

async function beginDevice(access: EdgeAccess): Promise<z.infer<typeof deviceAnswer>> {
  const body = new URLSearchParams({ client_id: access.lab.clients.cli, scope: 'openid' }).toString();
  const url = new URL(`${access.lab.issuer}/device/auth`);
  const answer = await edgeRequest(access, url, { method: 'POST', headers: FORM, body });
  return deviceAnswer.parse(JSON.parse(answer.body));
}

function cookiesOf({ headers }: EdgeResponse): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '').join('; ');
}
