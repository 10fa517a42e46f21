import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import { TOLERATED_TOKENS } from '../../cases/tokens/token-cases.ts';
import { walkSeen } from '../describe.ts';
import type { TokenFacts, TokenWalk } from '../../evidence/tokens.ts';
import type { ReasonCode } from '../reasons.ts';
import { type ExpectedRefusal, notFromApp, refusedBySidecar } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { forgedCases } from './forged-cases.ts';
import { TOKEN_DELIVERY_CHECKS } from './token-delivery.ts';

/** Negative checks, each over the cases of the corpus that name it. */
const CLASSES: readonly {
  readonly id: `MD-JWT-${string}`;
  readonly title: string;
  readonly means: string;
  readonly lookAt: string;
  readonly code: ReasonCode;
}[] = [
  {
    id: 'MD-JWT-010',
    title: 'unsigned and none-algorithm tokens are refused',
    means: 'anyone can mint tokens',
    lookAt: 'Envoy version, RequestAuthentication',
    code: 'JWT_UNSIGNED_ACCEPTED',
  },
  {
    id: 'MD-JWT-011',
    title: 'key-confusion tokens are refused',
    means: 'the public key works as a secret',
    lookAt: 'Envoy version',
    code: 'JWT_KEY_CONFUSED',
  },
  {
    id: 'MD-JWT-013',
    title: 'empty, truncated and changed signatures, headers and payloads are refused',
    means: 'the signature is optional or not checked',
    lookAt: 'Envoy version',
    code: 'JWT_SIGNATURE_NOT_CHECKED',
  },
  {
    id: 'MD-JWT-014',
    title: 'foreign keys under odd and unknown key ids are refused',
    means: 'key look-up is too lenient',
    lookAt: 'the key set',
    code: 'JWT_KID_TOO_LENIENT',
  },
  {
    id: 'MD-JWT-015',
    title: 'other issuers are refused',
    means: 'a stranger may issue tokens',
    lookAt: 'RequestAuthentication `tokens`',
    code: 'JWT_ISSUER_TOO_WIDE',
  },
  {
    id: 'MD-JWT-016',
    title: 'other audiences are refused',
    means: 'tokens of other APIs work here',
    lookAt: '`audiences` of `tokens`',
    code: 'JWT_AUDIENCE_NOT_CHECKED',
  },
  {
    id: 'MD-JWT-017',
    title: 'expired and not yet valid tokens are refused',
    means: 'old tokens live on',
    lookAt: 'clocks',
    code: 'JWT_TIME_NOT_CHECKED',
  },
  {
    id: 'MD-JWT-018',
    title: 'id tokens, refresh tokens, encrypted and nested tokens are refused',
    means: 'the wrong kind of token works',
    lookAt: '`audiences` of `tokens`; the IdP must not use one audience for two kinds',
    code: 'JWT_OTHER_KIND_ACCEPTED',
  },
];

export const JWT_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-JWT-001',
    title: 'a valid token passes and the sidecar records its subject',
    means: 'token validation is broken',
    lookAt: '`response_code_details` in the message',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'tokens'],
    judge: ({ walks, tokens }) => {
      const walk = walks['alice-read'];
      const stranger = notFromApp(walk, "alice's valid token should pass", 'JWT_VALID_REFUSED');
      if (stranger !== undefined) return stranger;
      const subject = walk.sidecar?.jwt_subject;
      return subject === tokens.alice.subject
        ? seeing(pass(`subject ${subject}`), exchangeItem(walk))
        : fail(
            'JWT_SUBJECT_DIFFERS',
            `the token says ${tokens.alice.subject || 'nobody'}, the sidecar recorded ${subject ?? 'no subject'}`,
          );
    },
  }),
  defineCheck({
    id: 'MD-JWT-002',
    title: 'no token is refused by policy (403, no rule matched)',
    means: 'authentication without authorization: no token is good enough',
    lookAt: '`requestPrincipals` of the policies',
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
          refusedBySidecar(walks['query-token'], noToken('a good token in the query instead of the header')),
        ],
      ]),
  }),
  ...CLASSES.map((wanted) =>
    defineCheck({
      id: wanted.id,
      title: wanted.title,
      means: wanted.means,
      lookAt: wanted.lookAt,
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
    title: 'documented acceptances are unchanged',
    means: 'behaviour moved with a version; re-measure and update this page',
    lookAt: 'Envoy version',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['token.walks', 'tokens'],
    judge: ({ 'token.walks': walks, tokens: { alice } }) =>
      eachCase(
        TOLERATED_TOKENS.map(({ id }) => [
          id,
          tolerated(
            walks.find((walk) => walk.case.id === id),
            id,
            alice,
          ),
        ]),
      ),
  }),
];

function noToken(who: string): ExpectedRefusal {
  return { status: 403, details: 'rbac_access_denied_matched_policy[none]', code: 'JWT_NOT_REQUIRED', who };
}

/** Accepted, and as the same user; a refusal only counts when the sidecar itself refused. */
function tolerated(walk: TokenWalk | undefined, id: string, { subject }: TokenFacts): Verdict {
  if (walk === undefined) return unknown('CASE_NOT_RUN', `nobody showed ${id}`);
  const who = `${id} (${walk.case.why}) was accepted so far`;
  if (walk.status !== 200 && walk.sidecar === undefined)
    return unknown('NO_RECORD', `${who}; ${walkSeen(walk)}`);
  const stranger = notFromApp(walk, who, 'JWT_TOLERANCE_MOVED');
  if (stranger !== undefined) return stranger;
  const judged = walk.sidecar?.jwt_subject;
  return judged === subject
    ? seeing(pass(`Envoy’s own choice, not the lab’s: ${walk.case.why}`), exchangeItem(walk))
    : fail(
        'JWT_SUBJECT_DIFFERS',
        `${id}: the token says ${subject || 'nobody'}, the sidecar recorded ${judged ?? 'no subject'}`,
      );
}
