import { SERVICE_TOKENS } from '../../cases/tokens/service-token-cases.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { Service } from '../../topology/service.ts';
import { RBAC_DEFAULT } from '../../records/rbac-words.ts';
import { forgedCases } from '../catalogue/forged-cases.ts';
import { eachCase, fail, seeing, skip, unknown } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { exchangeItem } from '../evidence-item.ts';
import type { ReasonCode } from '../reasons.ts';
import { refusedBySidecar } from '../refusal.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';
import type { Verdict } from '../verdict.ts';
import { withoutPersonalControl } from './not-judged.ts';
import { admittedBySidecar } from './passed.ts';

/** Which tokens the sidecar of a service takes. */
export const TOKEN_JUDGES = {
  'MD-JWT-001': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.control', 'service.token'],
    judge: ({ 'service.control': traced, 'service.token': token }, { service }) => {
      const skipped = withoutPersonalControl(service);
      if (skipped !== undefined) return skipped;
      if (traced === undefined || token === undefined)
        return unknown('CASE_NOT_RUN', `the control request of ${service.id} was not sent`);
      const passed = admittedBySidecar(traced, 'a valid token should pass', 'JWT_VALID_REFUSED');
      if (passed.kind !== 'pass') return passed;
      const judged = traced.sidecar?.jwt_subject;
      return judged === token.subject
        ? passed
        : seeing(
            fail(
              'JWT_SUBJECT_DIFFERS',
              `the token has the subject ${token.subject || '(none)'}, the sidecar recorded ${judged ?? 'no subject'}`,
            ),
            exchangeItem(traced),
          );
    },
  }),
  'MD-JWT-002': defineServiceJudge({
    scope: 'exposed',
    control: 'MD-JWT-001',
    evidence: ['service.without-token'],
    judge: ({ 'service.without-token': sent }, { service }) => {
      const skipped = withoutPersonalControl(service);
      if (skipped !== undefined) return skipped;
      if (sent === undefined)
        return unknown('CASE_NOT_RUN', `no request without a token was sent to ${service.id}`);
      return eachCase([
        ['none', noToken(sent.none, service, 'a request without a token')],
        ['in-the-query', noToken(sent.query, service, 'a valid token in the query instead of the header')],
      ]);
    },
  }),
  'MD-JWT-010': forged('MD-JWT-010', 'JWT_UNSIGNED_ACCEPTED'),
  'MD-JWT-011': forged('MD-JWT-011', 'JWT_KEY_CONFUSED'),
  'MD-JWT-012': forged('MD-JWT-012', 'JWT_FOREIGN_KEY_TAKEN'),
  'MD-JWT-013': forged('MD-JWT-013', 'JWT_SIGNATURE_NOT_CHECKED'),
  'MD-JWT-014': forged('MD-JWT-014', 'JWT_KID_TOO_LENIENT'),
  'MD-JWT-015': forged('MD-JWT-015', 'JWT_ISSUER_TOO_WIDE'),
  'MD-JWT-016': forged('MD-JWT-016', 'JWT_AUDIENCE_NOT_CHECKED'),
  'MD-JWT-017': forged('MD-JWT-017', 'JWT_TIME_NOT_CHECKED'),
  'MD-JWT-018': forged('MD-JWT-018', 'JWT_OTHER_KIND_ACCEPTED'),
  'MD-JWT-020': forged('MD-JWT-020', 'JWT_MALFORMED_ACCEPTED'),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;

function noToken(traced: TracedRequest, { protocol }: Service, who: string): Verdict {
  const expected = { status: 403, details: RBAC_DEFAULT, code: 'JWT_NOT_REQUIRED', who } as const;
  return refusedBySidecar(traced, { ...expected, grpc: protocol === 'grpc' });
}

/** One case for each token of the core that belongs to the check. */
function forged(check: `MD-JWT-${string}` & CheckId, code: ReasonCode): AnyServiceJudge {
  return defineServiceJudge({
    scope: 'exposed',
    control: 'MD-JWT-001',
    evidence: ['service.tokens'],
    judge: ({ 'service.tokens': tokens }, { service, lab }) => {
      const skipped = withoutPersonalControl(service);
      if (skipped !== undefined) return skipped;
      const grpc = service.protocol === 'grpc';
      const others = lab.services.some(({ id, host }) => id !== service.id && host !== undefined);
      const cases = forgedCases(tokens, check, code, { corpus: SERVICE_TOKENS, grpc });
      return eachCase(
        cases.map(([id, verdict]) => [
          id,
          id === 'other-service' && !others ? skip('no other service of the lab is exposed') : verdict,
        ]),
      );
    },
  });
}
