import { VIEWER } from '../../sample/names.ts';
import type { IdpAnswer, IdpFlows, SessionFacts } from '../../evidence/idp.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { type Arrival, HeadlessBrowser } from '../../idp/client/headless-browser.ts';
import { formIn } from '../../idp/client/html-form.ts';
import { answerOf, askToken } from './idp-dialogue.ts';
import { authorizationRequest, exchangeCode, REDIRECT_URI, tokensOf } from '../../idp/client/login.ts';
import { discover, type OidcClient } from '../../idp/client/oidc-client.ts';
import { type Credentials, signIn, submitLogin } from '../../idp/client/play-login.ts';
import { translateIdpErrors } from '../../idp/client/translate-idp-errors.ts';
import { edgeAccess } from '../edge/edge-access.ts';
import { attempt } from './idp-logins.ts';
import type { Needs } from '../probe-context.ts';

/** What a login leads to beside tokens for the API: devices, machines, refreshing, logging out. */
export async function collectIdpFlows(
  probeContext: Needs<'context' | 'keys' | 'logins' | 'signal'>,
): Promise<IdpFlows> {
  const access = edgeAccess(probeContext);
  const { idp } = probeContext.keys;
  const viewer = { user: VIEWER, password: idp.passwords[VIEWER] ?? '', secrets: idp };
  const translated = <T>(doing: string, talk: () => Promise<T>) =>
    attempt(translateIdpErrors(access, doing, talk));
  const [device, machine, session] = await Promise.all([
    translated('signing a device in', () => signDeviceIn(access, viewer)),
    attempt(probeContext.logins().machine.then((tokens) => tokens.access.sub)),
    translated('refreshing and logging out', () => liveThrough(access, viewer)),
  ]);
  return { device, machine, session };
}

/** @returns the subject of the device's token */
async function signDeviceIn(access: EdgeAccess, credentials: Credentials): Promise<string> {
  const client = await discover(access, { id: access.lab.clients.cli });
  const { oidc, config } = client;
  const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid roles api' });
  const browser = new HeadlessBrowser(access, REDIRECT_URI);
  const entering = await browser.open(new URL(device.verification_uri));
  const confirming = await post(browser, entering, { user_code: device.user_code });
  const login = await post(browser, confirming, {});
  if (login.kind === 'page') await submitLogin(browser, login, credentials);
  const answer = await oidc.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.1 });
  return (await tokensOf(access, config, answer)).access.sub;
}

/** Posts the form of a page, with what a person adds to it. */
async function post(
  browser: HeadlessBrowser,
  page: Arrival,
  more: Readonly<Record<string, string>>,
): Promise<Arrival> {
  const form = page.kind === 'page' ? formIn(page) : undefined;
  if (form === undefined)
    throw new MeshdevError('TOKEN_REFUSED', { message: `${page.url.pathname} has no form` });
  return browser.submit(form.action, { ...form.fields, ...more });
}

async function liveThrough(access: EdgeAccess, credentials: Credentials): Promise<SessionFacts> {
  const client = await discover(access, { id: access.lab.clients.cli });
  const browser = new HeadlessBrowser(access, REDIRECT_URI);
  const { url, checks } = await authorizationRequest(client, new Set(['openid', 'offline_access', 'api']));
  const first = await exchangeCode(client, await signIn(browser, url, credentials), checks);
  const used = first.refresh_token ?? '';
  const whileSignedIn = await askAgain(access, browser, client);
  const second = await client.oidc.refreshTokenGrant(client.config, used);
  const reuse = await askToken(access, {
    grant_type: 'refresh_token',
    refresh_token: used,
    client_id: access.lab.clients.cli,
  });
  const end = client.oidc.buildEndSessionUrl(client.config, { id_token_hint: first.id_token ?? '' });
  await post(browser, await browser.open(end), { logout: 'yes' });
  return {
    rotated: second.refresh_token !== undefined && second.refresh_token !== used,
    reuse,
    whileSignedIn,
    afterLogout: await askAgain(access, browser, client),
  };
}

/** Whether the browser is known: then nobody is asked to sign in. */
async function askAgain(
  access: EdgeAccess,
  browser: HeadlessBrowser,
  client: OidcClient,
): Promise<IdpAnswer> {
  const { url } = await authorizationRequest(client, new Set(['openid', 'api']));
  const arrival = await browser.open(url);
  return arrival.kind === 'page'
    ? answerOf(access, arrival.response)
    : answerOf(access, { status: 303, headers: { location: arrival.url.href }, body: '' });
}
