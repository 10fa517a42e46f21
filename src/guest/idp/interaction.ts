import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionDetails, Provider } from 'oidc-provider';
import { authenticate } from './accounts.ts';
import type { IdpConfig } from './config.ts';
import { formBody } from './form-body.ts';
import { grantAll } from './grant-all.ts';
import { PAGE_HEADERS } from './layout.ts';
import type { Log } from './log.ts';
import { loginPage, message } from './pages.ts';

export interface Interaction {
  readonly provider: Provider;
  readonly config: IdpConfig;
  readonly log: Log;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Login and consent. An interaction is bound to the browser that began it by a signed, http-only
 * cookie on its own path, and its id cannot be guessed: a form posted from elsewhere finds neither.
 */
export async function handleInteraction(at: Interaction, uid: string): Promise<void> {
  const details = await at.provider.interactionDetails(at.request, at.response).catch(() => undefined);
  if (details?.uid !== uid) {
    return send(at.response, 400, message('This sign-in is over', 'It has expired or was begun elsewhere.'));
  }
  const { method } = at.request;
  if (method === 'POST') return login(at, details);
  if (method === 'GET') {
    return details.prompt.name === 'consent' ? consent(at, details) : showLogin(at, details, 200);
  }
  at.response.setHeader('Allow', 'GET, POST');
  send(at.response, 405, message('Not possible', 'This page answers GET and POST.'));
}

/** Every client of the lab is its own (first party), so nobody is asked; the login itself was the consent. */
async function consent(at: Interaction, details: InteractionDetails): Promise<void> {
  const grantId = await grantAll(at.provider, details);
  await at.provider.interactionFinished(at.request, at.response, { consent: { grantId } });
}

async function login(at: Interaction, details: InteractionDetails): Promise<void> {
  if (details.prompt.name !== 'login' || !isOwnOrigin(at)) {
    return send(at.response, 403, message('Refused', 'This form was not sent from the sign-in page.'));
  }
  const form = await formBody(at.request);
  if (form?.get('action') === 'cancel') {
    return at.provider.interactionFinished(at.request, at.response, {
      error: 'access_denied',
      error_description: 'the user cancelled the sign-in',
    });
  }
  const name = form?.get('username') ?? '';
  const user = authenticate(at.config, name, form?.get('password') ?? '');
  // A name that no user has may be a password typed into the wrong field: it is not logged.
  const known = at.config.users.some((candidate) => candidate.name === name);
  at.log(user === undefined ? 'login.refused' : 'login.accepted', { user: known ? name : '(unknown)' });
  if (user === undefined) return showLogin(at, details, 422, name);
  await at.provider.interactionFinished(at.request, at.response, {
    login: { accountId: user.name, amr: ['pwd'] },
  });
}

/** Browsers send `Origin` with every form post; programs may leave it out. */
function isOwnOrigin({ request, config }: Interaction): boolean {
  const { origin } = request.headers;
  return origin === undefined || origin === new URL(config.issuer).origin;
}

function showLogin(at: Interaction, details: InteractionDetails, status: number, name?: string): void {
  const { config } = at;
  const clientId = details.params['client_id'];
  const hint = details.params['login_hint'];
  const html = loginPage({
    action: `/interaction/${details.uid}`,
    client: config.clients.find(({ id }) => id === clientId)?.name ?? String(clientId),
    users: config.users,
    name: name ?? (typeof hint === 'string' ? hint : ''),
    failed: status !== 200,
  });
  send(at.response, status, html);
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8' });
  response.end(html);
}
