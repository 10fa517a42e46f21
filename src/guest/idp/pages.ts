import type { ProviderContext, ProviderError } from 'oidc-provider';
import type { IdpUser } from './config.ts';
import { escapeHtml, layout, PAGE_HEADERS } from './layout.ts';

export interface LoginPage {
  /** Path the form is posted to; it holds the interaction's unguessable id. */
  readonly action: string;
  readonly client: string;
  readonly users: readonly IdpUser[];
  readonly name: string;
  /** Why the last attempt was not taken. */
  readonly problem?: string;
}

export function loginPage({ action, client, users, name, problem }: LoginPage): string {
  const alert =
    problem === undefined ? '' : `<p class="alert" id="problem" role="alert">${escapeHtml(problem)}</p>`;
  const described = problem !== undefined ? ' aria-invalid="true" aria-describedby="problem"' : '';
  return layout(
    'Sign in',
    `<p class="dim">to continue to <strong>${escapeHtml(client)}</strong></p>
${alert}<form method="post" action="${escapeHtml(action)}">
<label for="username">User name</label>
<input id="username" name="username" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${escapeHtml(name)}"${name === '' ? ' autofocus' : ''}${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${name === '' ? '' : ' autofocus'}${described}>
<button type="submit" name="action" value="login">Sign in</button>
<button type="submit" name="action" value="cancel" class="plain" formnovalidate>Cancel</button>
</form>
<p class="dim">Sample users: ${users.map(userHint).join(', ')}.</p>`,
  );
}

function userHint({ name, roles }: IdpUser): string {
  return escapeHtml(`${name} (${roles.length === 0 ? 'no role' : roles.join(', ')})`);
}

/** A page that only says something; `role="status"` lets screen readers announce it. */
export function message(title: string, text: string): string {
  return layout(title, `<p role="status">${escapeHtml(text)}</p>`);
}

export function messagePage(ctx: ProviderContext, title: string, text: string): void {
  send(ctx, message(title, text));
}

export function errorPage(ctx: ProviderContext, out: Readonly<Record<string, unknown>>): void {
  const facts = Object.entries(out)
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(String(value))}</dd>`)
    .join('');
  send(ctx, layout('The request was refused', `<dl>${facts}</dl>`));
}

/** `form` is the provider's own markup with its CSRF token; the buttons belong to it by id. */
export function logoutPage(ctx: ProviderContext, form: string): void {
  const who = ctx.oidc?.session?.accountId ?? '';
  send(
    ctx,
    layout(
      'Sign out?',
      `<p class="dim">You are signed in as <strong>${escapeHtml(who)}</strong>.</p>${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button type="submit" form="op.logoutForm" class="plain">Stay signed in</button>`,
    ),
  );
}

export function enterCodePage(
  ctx: ProviderContext,
  form: string,
  _out: unknown,
  problem: ProviderError | undefined,
): void {
  if (problem !== undefined && isUnsaved(ctx)) return startAgainPage(ctx);
  const alert =
    problem === undefined
      ? ''
      : '<p class="alert" role="alert">That code is not known or no longer valid.</p>';
  send(
    ctx,
    layout(
      'Enter the code',
      `${alert}<p class="dim">It is shown by the program that wants to sign in.</p>${labelled(form)}
<button type="submit" form="op.deviceInputForm">Continue</button>`,
    ),
  );
}

/**
 * An error of the device pages for a browser that has no session: a form posted without the cookies, or a
 * login that was never begun. The form that the provider would show needs a session as well.
 */
function isUnsaved({ oidc }: ProviderContext): boolean {
  return oidc?.session !== undefined && oidc.session.exp === undefined;
}

function startAgainPage(ctx: ProviderContext): void {
  // The provider marks the session as changed and would save it, which it refuses to do with a new one.
  if (ctx.oidc?.session !== undefined) ctx.oidc.session.touched = false;
  send(
    ctx,
    layout(
      'This sign-in is over',
      '<p role="status">It has expired or was begun elsewhere.</p><p><a href="/device">Enter the code</a></p>',
    ),
  );
}

/** The provider's input has no label, and a script that the page's policy would refuse. */
function labelled(form: string): string {
  return form.replace('type="text"', 'type="text" aria-label="Code"').replace(/ onfocus="[^"]*"/, '');
}

export function confirmCodePage(
  ctx: ProviderContext,
  form: string,
  client: { readonly clientId: string; readonly clientName?: string },
  _device: unknown,
  code: string,
): void {
  send(
    ctx,
    layout(
      'Is this your code?',
      `<p class="dim">${escapeHtml(client.clientName ?? client.clientId)} should show</p>
<p><code>${escapeHtml(code)}</code></p>${form}
<button type="submit" form="op.deviceConfirmForm" autofocus>Yes, continue</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes" class="plain">No, stop</button>`,
    ),
  );
}

function send(ctx: ProviderContext, html: string): void {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) ctx.set(name, value);
  ctx.type = 'html';
  ctx.body = html;
}
