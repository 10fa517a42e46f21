import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as oidc from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../src/idp/client/oidc-client.ts';
import { startBrowser } from '../../support/browser.ts';
import { IdpBehindTls, PASSWORDS } from './support/idp-behind-tls.ts';
import { portOf } from './support/running.ts';

const SHOTS = join(import.meta.dirname, '../../../test-results/idp');

describe('the pages of the identity provider in a real browser', () => {
  let running: IdpBehindTls;
  let browser: Browser;
  let client: Server;
  /** What the client was sent back: the query or the form. */
  const returned: URLSearchParams[] = [];

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    running = await IdpBehindTls.start();
    browser = await startBrowser();
    client = createServer((request, response) => {
      void text(request).then((body) => {
        const { pathname, search } = new URL(request.url ?? '/', 'http://client');
        if (pathname === '/callback') returned.push(new URLSearchParams(body === '' ? search : body));
        return response.end('back at the client');
      });
    });
    client.listen(0, '127.0.0.1');
    await once(client, 'listening');
  });
  afterAll(async () => {
    await browser.close();
    client.close();
    await running[Symbol.asyncDispose]();
  });

  /** A page, and what its console says against the page: a policy that was broken is there too. */
  async function openPage(): Promise<{ page: Page; complaints: string[] }> {
    // The test's own authority is in no store; *.localhost is this machine for the browser itself.
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (said) => {
      if (/Content Security Policy|Refused/i.test(said.text())) complaints.push(said.text());
    });
    return { page, complaints };
  }

  async function authorization(more: Readonly<Record<string, string>> = {}): Promise<URL> {
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    return oidc.buildAuthorizationUrl(config, {
      redirect_uri: `http://127.0.0.1:${portOf(client)}/callback`,
      scope: 'openid',
      state: 'the-state',
      code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
      ...more,
    });
  }

  async function signIn(page: Page, password: string): Promise<void> {
    await page.getByLabel('User name').fill('alice');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it.each([['query'], ['form_post']])('lead back to the client after a login, by %s', async (mode) => {
    const { page, complaints } = await openPage();
    await page.goto((await authorization({ response_mode: mode })).href);
    await page.screenshot({ path: join(SHOTS, 'login.png') });
    await signIn(page, 'a-wrong-password');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('not right');
    await page.screenshot({ path: join(SHOTS, 'refused.png') });
    await signIn(page, PASSWORDS.alice);
    await page.waitForURL(/\/callback/);
    expect(returned.at(-1)?.get('code')).toMatch(/^[\w-]{20,}$/);
    expect(returned.at(-1)?.get('state')).toBe('the-state');
    expect(complaints).toEqual([]);
  });

  it('sign a device in whose code the URL brings', async () => {
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
    const { page, complaints } = await openPage();
    await page.goto(device.verification_uri_complete ?? '');
    // That page posts itself.
    await page.getByRole('heading', { name: 'Is this your code?' }).waitFor();
    await page.screenshot({ path: join(SHOTS, 'code.png') });
    await page.getByRole('button', { name: 'Yes, continue' }).click();
    await signIn(page, PASSWORDS.alice);
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('lead from a device form without a session to one with a session', async () => {
    const { page, complaints } = await openPage();
    await page.goto(`${running.lab.issuer}/device/never-begun`);
    await page.screenshot({ path: join(SHOTS, 'start-again.png') });
    await page.getByRole('link', { name: 'Enter the code' }).click();
    await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('are shown in no frame', async () => {
    const { page } = await openPage();
    const { href } = await authorization();
    await page.setContent(`<iframe src="${href.replaceAll('&', '&amp;')}"></iframe>`);
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/);
  });
});
