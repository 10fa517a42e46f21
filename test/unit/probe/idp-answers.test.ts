import { describe, expect, it } from 'vitest';
import { parseIdpLog, confirmed } from '../../../src/probe/idp/idp-records.ts';
import { formIn } from '../../../src/idp/client/html-form.ts';
import { answerOf } from '../../../src/probe/idp/idp-dialogue.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);

describe('answerOf', () => {
  it('reads the error of the token endpoint, and keeps no token', () => {
    const body = '{"error":"invalid_grant","access_token":"secret"}';
    expect(answerOf({ lab }, { status: 400, headers: {}, body })).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('reads the error of a redirect, and keeps neither code nor state', () => {
    const headers = { location: 'http://127.0.0.1:1/callback?code=secret&error=invalid_request&state=s' };
    expect(answerOf({ lab }, { status: 303, headers, body: '' })).toEqual({
      status: 303,
      error: 'invalid_request',
      redirect: 'http://127.0.0.1:1/callback',
    });
  });

  it('reads the error of a page', () => {
    const body = '<dl><dt>error</dt><dd>invalid_redirect_uri</dd><dt>state</dt><dd>s</dd></dl>';
    const headers = { 'x-meshdev-id': 'an-id' };
    expect(answerOf({ lab }, { status: 400, headers, body })).toEqual({
      status: 400,
      error: 'invalid_redirect_uri',
      meshdevId: 'an-id',
    });
  });
});

it('an answer counts as recorded only under its own id', () => {
  const records = parseIdpLog([
    '{"event":"request","meshdev_id":"one","status":400}',
    '{"event":"grant.error","meshdev_id":"two","status":401}',
    'not a record',
  ]);
  expect(confirmed({ status: 400, meshdevId: 'one' }, records).recorded).toBe(400);
  expect(confirmed({ status: 401, meshdevId: 'two' }, records)).not.toHaveProperty('recorded');
  expect(confirmed({ status: 401 }, records)).not.toHaveProperty('recorded');
});

it('a form is its action, on the page’s origin, and its hidden fields', () => {
  const body =
    '<form method="post" action="/device"><input type="hidden" name="xsrf" value="x1"/><input type="text" name="user_code"/></form>';
  const page = (status: number) => ({
    kind: 'page' as const,
    url: new URL(`${lab.issuer}/device?x=1`),
    response: { status, headers: {}, body },
  });
  expect(formIn(page(200))).toEqual({ action: new URL(`${lab.issuer}/device`), fields: { xsrf: 'x1' } });
  expect(formIn(page(500))).toBeUndefined();
});
