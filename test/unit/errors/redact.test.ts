import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/errors/redact.ts';

describe('redact', () => {
  it.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHcCANARY\n-----END EC PRIVATE KEY-----'],
    ['a cut-off private key', '-----BEGIN PRIVATE KEY-----\nMHcCANARY'],
    ['a JWT', 'got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARY'],
    ['a bearer header', 'authorization: Bearer CANARYCANARY'],
    ['a form field', 'grant_type=x&client_secret=CANARY&x=1'],
    ['a JSON field', '{"password":"CANARY"}'],
  ])('takes out %s', (_, text) => {
    expect(redact(text)).not.toContain('CANARY');
  });

  it('leaves other text alone', () => {
    expect(redact('bearer of bad news on host a.test')).toBe('bearer of bad news on host a.test');
  });
});
