import { describe, expect, it } from 'vitest';
import { tokenReasonOf } from '../../../src/trust/token-reason.ts';

describe('tokenReasonOf', () => {
  it.each([
    ['jwt_authn_access_denied{Jwt_is_expired}', 'EXPIRED'],
    ['jwt_authn_access_denied{Jwt_header_[alg]_is_not_supported}', 'ALG_UNSUPPORTED'],
    ['jwt_authn_access_denied{Jwt_header_[kid]_field_is_not_a_string}', 'MALFORMED'],
    ['rbac_access_denied_matched_policy[none]', 'ACCESS_DENIED'],
    ['via_upstream', 'ACCEPTED'],
  ])('%s is %s', (details, reason) => {
    expect(tokenReasonOf(details)).toBe(reason);
  });

  it.each(['', 'jwt_authn_access_denied{Something_new}', 'via_upstream_2', 'route_not_found'])(
    'does not guess at %j',
    (details) => {
      expect(tokenReasonOf(details)).toBeUndefined();
    },
  );
});
