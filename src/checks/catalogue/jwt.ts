import { ADMIN } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import { TOLERATED_TOKENS } from '../../cases/tokens/token-cases.ts';
import { requestSeen } from '../describe.ts';
import type { TokenFacts, TokenRequest } from '../../evidence/tokens.ts';
import type { ReasonCode } from '../reasons.ts';
import { type ExpectedRefusal, notFromApp, refusedBySidecar } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { forgedCases } from './forged-cases.ts';
import { TOKEN_DELIVERY_CHECKS } from './token-delivery.ts';

/** Negative checks, each over the cases of the corpus that name it. */
const CLASSES: readonly {
  readonly id: `MD-JWT-${string}`;
  readonly title: string;
  readonly impact: string;
  readonly hint: string;
  readonly code: ReasonCode;
}[] = [
  {
    id: 'MD-JWT-010',
    title: 'the sidecar refuses tokens that are unsigned or have the algorithm none',
    impact: 'a client can forge tokens',
    hint: 'Envoy version, RequestAuthentication',
    code: 'JWT_UNSIGNED_ACCEPTED',
  },
  {
    id: 'MD-JWT-011',
    title: 'the sidecar refuses tokens with key confusion',
    impact: 'a client can sign tokens with the public key as secret',
    hint: 'Envoy version',
    code: 'JWT_KEY_CONFUSED',
  },
  {
    id: 'MD-JWT-013',
    title: 'the sidecar refuses tokens with an empty, truncated or changed signature, header or payload',
    impact: 'the signature is optional or not verified',
    hint: 'Envoy version',
    code: 'JWT_SIGNATURE_NOT_CHECKED',
  },
  {
    id: 'MD-JWT-014',
    title: 'the sidecar refuses foreign keys with unusual and unknown key ids',
    impact: 'the key lookup is too lenient',
    hint: 'the key set',
    code: 'JWT_KID_TOO_LENIENT',
  },
  {
    id: 'MD-JWT-015',
    title: 'the sidecar refuses tokens of other issuers',
    impact: 'another issuer can issue tokens',
    hint: 'RequestAuthentication `tokens`',
    code: 'JWT_ISSUER_TOO_WIDE',
  },
  {
    id: 'MD-JWT-016',
    title: 'the sidecar refuses tokens for other audiences',
    impact: 'tokens for other APIs are accepted',
    hint: '`audiences` of `tokens`',
    code: 'JWT_AUDIENCE_NOT_CHECKED',
  },
  {
    id: 'MD-JWT-017',
    title: 'the sidecar refuses tokens that are expired or not yet valid',
    impact: 'old tokens remain usable',
    hint: 'clocks',
    code: 'JWT_TIME_NOT_CHECKED',
  },
  {
    id: 'MD-JWT-018',
    title: 'the sidecar refuses ID tokens, refresh tokens, encrypted and nested tokens',
    impact: 'a token of the wrong type is accepted',
    hint: '`audiences` of `tokens`; the IdP must not use one audience for two token types',
    code: 'JWT_OTHER_KIND_ACCEPTED',
  },
];

export const JWT_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-JWT-001',
    title: 'the sidecar accepts a valid token and logs its subject',
    impact: 'token validation does not work',
    hint: '`response_code_details` in the message',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'tokens'],
    judge: ({ walks, tokens }) => {
      const traced = walks[WALK.adminRead];
      const stranger = notFromApp(traced, `${ADMIN}'s valid token should pass`, 'JWT_VALID_REFUSED');
      if (stranger !== undefined) return stranger;
      const subject = traced.sidecar?.jwt_subject;
      return subject === tokens[ADMIN].subject
        ? seeing(pass(`subject ${subject}`), exchangeItem(traced))
        : fail(
            'JWT_SUBJECT_DIFFERS',
            `the token has the subject ${tokens[ADMIN].subject || '(none)'}, the sidecar recorded ${subject ?? 'no subject'}`,
          );
    },
  }),
  defineCheck({
    id: 'MD-JWT-002',
    title: 'the policy refuses a request without a token (403, no rule matched)',
    impact: 'requests without a token are accepted: authentication without authorization',
    hint: '`requestPrincipals` of the policies',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-JWT-001',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }) =>
      eachCase([
        ['none', refusedBySidecar(walks['no-token'], noToken('a request without a token'))],
        [
          'in-the-query',
          refusedBySidecar(walks['query-token'], noToken('a valid token in the query instead of the header')),
        ],
      ]),
  }),
  ...CLASSES.map((wanted) =>
    defineCheck({
      id: wanted.id,
      title: wanted.title,
      impact: wanted.impact,
      hint: wanted.hint,
      hop: 'gateway->sidecar',
      polarity: 'negative',
      refuser: 'sidecar',
      control: 'MD-JWT-001',
      blocking: false,
      evidence: ['token.walks'],
      judge: ({ 'token.walks': walks }) => eachCase(forgedCases(walks, wanted.id, wanted.code)),
    }),
  ),
  ...TOKEN_DELIVERY_CHECKS,
  defineCheck({
    id: 'MD-JWT-021',
    title: 'the sidecar still accepts the documented unusual tokens',
    impact: 'the behaviour changed with a version; measure it again and update the list of cases',
    hint: 'Envoy version',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['token.walks', 'tokens'],
    judge: ({ 'token.walks': walks, tokens: { [ADMIN]: admin } }) =>
      eachCase(
        TOLERATED_TOKENS.map(({ id }) => [
          id,
          tolerated(
            walks.find((traced) => traced.case.id === id),
            id,
            admin,
          ),
        ]),
      ),
  }),
];

function noToken(who: string): ExpectedRefusal {
  return { status: 403, details: 'rbac_access_denied_matched_policy[none]', code: 'JWT_NOT_REQUIRED', who };
}

/** Accepted, and as the same user; a refusal only counts when the sidecar itself refused. */
function tolerated(traced: TokenRequest | undefined, id: string, { subject }: TokenFacts): Verdict {
  if (traced === undefined) return unknown('CASE_NOT_RUN', `${id} was not sent`);
  const who = `${id} (${traced.case.why}) was accepted so far`;
  if (traced.status !== 200 && traced.sidecar === undefined)
    return unknown('NO_RECORD', `${who}; ${requestSeen(traced)}`);
  const stranger = notFromApp(traced, who, 'JWT_TOLERANCE_MOVED');
  if (stranger !== undefined) return stranger;
  const judged = traced.sidecar?.jwt_subject;
  return judged === subject
    ? seeing(pass(`behaviour of Envoy, not a setting of the lab: ${traced.case.why}`), exchangeItem(traced))
    : fail(
        'JWT_SUBJECT_DIFFERS',
        `${id}: the token has the subject ${subject || '(none)'}, the sidecar recorded ${judged ?? 'no subject'}`,
      );
}
