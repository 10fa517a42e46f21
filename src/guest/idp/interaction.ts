import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionDetails, Provider } from 'oidc-provider';
import { authenticate } from './accounts.ts';
import type { IdpConfig } from './config.ts';
import { type FormRead, readForm } from './form-body.ts';
import { grantAll } from './grant-all.ts';
import type { Log } from './log.ts';
import { admit, type LoginThrottle } from './login-throttle.ts';
import { loginPage, message } from './pages.ts';
import { sendPage } from './send-page.ts';

export interface Interaction {
  readonly provider: Provider;
  readonly config: IdpConfig;
  readonly log: Log;
  readonly throttle: LoginThrottle;
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
    return sendPage(
      at.response,
      400,
      message('This sign-in is over', 'It has expired or was begun elsewhere.'),
    );
  }
  const { method } = at.request;
  if (method === 'POST') return login(at, details);
  if (method === 'GET') {
    return details.prompt.name === 'consent' ? consent(at, details) : showLogin(at, details, { status: 200 });
  }
  sendPage(at.response, 405, message('Not possible', 'This page answers GET and POST.'), {
    Allow: 'GET, POST',
  });
}

/** Every client of the lab is its own (first party), so nobody is asked; the login itself was the consent. */
async function consent(at: Interaction, details: InteractionDetails): Promise<void> {
  const grantId = await grantAll(at.provider, details);
  await at.provider.interactionFinished(at.request, at.response, { consent: { grantId } });
}

async function login(at: Interaction, details: InteractionDetails): Promise<void> {
  if (details.prompt.name !== 'login' || !isOwnOrigin(at)) {
    return sendPage(at.response, 403, message('Refused', 'This form was not sent from the sign-in page.'));
  }
  const read = await readForm(at.request);
  if (read.kind !== 'form') return refuseForm(at, read.kind);
  if (read.fields.get('action') === 'cancel') {
    return at.provider.interactionFinished(at.request, at.response, {
      error: 'access_denied',
      error_description: 'the user cancelled the sign-in',
    });
  }
  await signIn(at, details, read.fields);
}

async function signIn(at: Interaction, details: InteractionDetails, fields: URLSearchParams): Promise<void> {
  const name = fields.get('username') ?? '';
  // A name that no user has may be a password typed into the wrong field: it is not logged.
  const known = at.config.users.some((candidate) => candidate.name === name) ? name : '(unknown)';
  const attempt = admit(at, known);
  if (attempt.kind === 'wait') {
    at.log('login.throttled', { user: known, by: attempt.by, seconds: attempt.seconds });
    return showLogin(at, details, { status: 429, name, waitSeconds: attempt.seconds });
  }
  const user = authenticate(at.config, name, fields.get('password') ?? '');
  at.log(user === undefined ? 'login.refused' : 'login.accepted', { user: known });
  if (user === undefined) {
    attempt.failed();
    return showLogin(at, details, { status: 422, name });
  }
  attempt.succeeded();
  await at.provider.interactionFinished(at.request, at.response, {
    login: { accountId: user.name, amr: ['pwd'] },
  });
}

const FORM_REFUSALS = {
  'too-long': { status: 413, title: 'Too long', text: 'This form has at most 8192 bytes.' },
  'other-type': {
    status: 415,
    title: 'Not a form',
    text: 'This page takes the fields of its own form only.',
  },
  malformed: {
    status: 400,
    title: 'Not readable',
    text: 'The fields of this form are not encoded correctly.',
  },
} as const;

function refuseForm({ response, log }: Interaction, kind: Exclude<FormRead['kind'], 'form'>): void {
  log('form.refused', { reason: kind });
  // Nobody is there to be answered; the status is for the log.
  if (kind === 'aborted') response.statusCode = 400;
  else
    sendPage(
      response,
      FORM_REFUSALS[kind].status,
      message(FORM_REFUSALS[kind].title, FORM_REFUSALS[kind].text),
    );
}

/** Browsers send `Origin` with every form post; programs may leave it out. */
function isOwnOrigin({ request, config }: Interaction): boolean {
  const { origin } = request.headers;
  return origin === undefined || origin === new URL(config.issuer).origin;
}

interface Shown {
  readonly status: 200 | 422 | 429;
  readonly name?: string;
  readonly waitSeconds?: number;
}

function showLogin(at: Interaction, details: InteractionDetails, { status, name, waitSeconds }: Shown): void {
  const { config } = at;
  const clientId = details.params['client_id'];
  const hint = details.params['login_hint'];
  const html = loginPage({
    action: `/interaction/${details.uid}`,
    client: config.clients.find(({ id }) => id === clientId)?.name ?? String(clientId),
    users: config.users,
    name: name ?? (typeof hint === 'string' ? hint : ''),
    ...(status === 422 ? { problem: 'The user name or the password is not right.' } : {}),
    ...(waitSeconds === undefined
      ? {}
      : { problem: `Too many attempts failed. Try again in ${waitSeconds} seconds.` }),
  });
  sendPage(
    at.response,
    status,
    html,
    waitSeconds === undefined ? {} : { 'Retry-After': String(waitSeconds) },
  );
}
