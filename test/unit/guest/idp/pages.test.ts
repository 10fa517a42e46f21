import { describe, expect, it } from 'vitest';
import { escapeHtml } from '../../../../src/guest/idp/layout.ts';
import { loginPage } from '../../../../src/guest/idp/pages.ts';

const page = (change: Partial<Parameters<typeof loginPage>[0]> = {}): string =>
  loginPage({
    action: '/interaction/abc',
    client: 'meshdev',
    users: [
      { name: 'alice', roles: ['admin'], password: 'never-shown' },
      { name: 'eve', roles: [], password: 'never-shown' },
    ],
    name: '',
    ...change,
  });

describe('the login page', () => {
  it('labels its fields and posts to the interaction', () => {
    const html = page();
    expect(html).toMatch(/<form method="post" action="\/interaction\/abc">/);
    for (const id of ['username', 'password']) {
      expect(html).toContain(`<label for="${id}">`);
      expect(html).toMatch(new RegExp(`<input id="${id}" name="${id}"`));
    }
    expect(html).toContain('<html lang="en">');
    expect(html).not.toContain('role="alert"');
  });

  it('shows sample users with their roles, and no password', () => {
    expect(page()).toContain('alice (admin), eve (no role)');
    expect(page()).not.toContain('never-shown');
  });

  it('announces a failure and ties it to the fields', () => {
    const html = page({ problem: 'not right', name: 'alice' });
    expect(html).toContain('role="alert"');
    expect(html.match(/aria-describedby="problem"/g)).toHaveLength(2);
    expect(html).toContain('value="alice"');
  });

  it('escapes whatever comes from outside', () => {
    const html = page({ name: '"><img src=x>', client: '<b>x</b>' });
    expect(html).not.toMatch(/<img|<b>/);
    expect(escapeHtml(`<a href="x">'&'</a>`)).toBe('&#60;a href=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/a&#62;');
  });
});
