import { ADMIN, VIEWER } from '../../sample/names.ts';
import { CODE_CASES, type IdpCase, REDIRECT_CASES } from '../../cases/providers/idp-cases.ts';
import { FORGED_ANSWERS } from '../../cases/providers/forged-answers.ts';
import type { Lab } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type {
  Attempt,
  ClientAnswers,
  IdpAnswer,
  IdpCaseAnswer,
  LoginFacts,
  SessionFacts,
} from '../../evidence/idp.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Verdict } from '../verdict.ts';

const AT_THE_IDP = { hop: 'client->idp', blocking: false } as const;
const REFUSED_THERE = {
  ...AT_THE_IDP,
  polarity: 'negative',
  refuser: 'idp',
  control: 'MD-OIDC-004',
} as const;

/** Without the documents of the IdP itself, what follows was not refused: it was not reached. */
export const OIDC_FLOW_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-OIDC-004',
    title: 'the code flow with PKCE S256 works, and its tokens are valid (state, nonce, iss)',
    impact: 'users cannot log in',
    hint: `\`meshdev token ${ADMIN}\`, \`docker logs meshdev-demo-idp\``,
    ...AT_THE_IDP,
    polarity: 'positive',
    evidence: ['idp.logins', 'idp.refusals', 'idp.state'],
    judge: ({ 'idp.logins': logins, 'idp.refusals': { honest } }, { lab }) =>
      eachCase([
        ...lab.users.map(({ name }) => [name, loginVerdict(logins[name], name, lab)] as const),
        ['by-hand', honestCode(honest)],
      ]),
  }),
  defineCheck({
    id: 'MD-OIDC-006',
    title:
      'the device and client credentials grants work, refresh tokens rotate, and a logout ends the session',
    impact: 'the CLI cannot log in, or a stolen refresh token remains valid',
    hint: '`docker logs meshdev-demo-idp`',
    ...AT_THE_IDP,
    polarity: 'positive',
    evidence: ['idp.flows', 'idp.state'],
    judge: ({ 'idp.flows': { device, machine, session } }, { lab }) =>
      eachCase([
        ['device', subjectVerdict(device, VIEWER, 'the device flow')],
        ['client-credentials', subjectVerdict(machine, lab.clients.machine, 'client credentials')],
        ['refresh-rotates', ofSession(session, rotates)],
        ['used-refresh-token', ofSession(session, usedRefused)],
        ['logout', ofSession(session, loggedOut)],
      ]),
  }),
  defineCheck({
    id: 'MD-OIDC-007',
    title:
      'the IdP refuses a used code, a wrong, plain or missing PKCE challenge, an unknown client and a wrong secret',
    impact: 'an attacker gets tokens with a stolen code or a guessed client',
    hint: '`docker logs meshdev-demo-idp`',
    ...REFUSED_THERE,
    evidence: ['idp.refusals', 'idp.state'],
    judge: ({ 'idp.refusals': { code } }) => eachCase(refusals(CODE_CASES, code, 'OIDC_CODE_TAKEN')),
  }),
  defineCheck({
    id: 'MD-OIDC-008',
    title: 'the IdP refuses redirect URIs that differ in any part, without a redirect',
    impact: 'codes leak to the host that the attacker chose',
    hint: 'the redirect URIs of the client',
    ...REFUSED_THERE,
    evidence: ['idp.refusals', 'idp.state'],
    judge: ({ 'idp.refusals': { redirect } }) =>
      eachCase(refusals(REDIRECT_CASES, redirect, 'OIDC_REDIRECT_TAKEN')),
  }),
  defineCheck({
    id: 'MD-OIDC-009',
    title: 'the OIDC client of meshdev refuses a response with a wrong state, nonce or iss',
    impact: 'the login of meshdev accepts responses that were issued for other logins',
    hint: 'a bug in meshdev: report it',
    ...REFUSED_THERE,
    refuser: 'client',
    evidence: ['client.answers', 'idp.state'],
    judge: ({ 'client.answers': answers }) => eachCase(forgedAnswers(answers)),
  }),
];

function loginVerdict(login: Attempt<LoginFacts> | undefined, user: string, lab: Lab): Verdict {
  if (login === undefined) return fail('OIDC_NO_TOKEN', `${user} was not signed in`);
  const broken = brokenAttempt(login, `signing ${user} in`);
  if (login.kind !== 'seen') return broken;
  const { subject, issuer, audience, hasNonce } = login.value;
  const wrong = [
    subject === user ? [] : [`sub ${subject}`],
    issuer === lab.issuer ? [] : [`iss ${issuer}`],
    audience.join() === lab.clients.cli ? [] : [`aud ${audience.join()}`],
    hasNonce ? [] : ['no nonce'],
  ].flat();
  return wrong.length === 0
    ? pass('state, nonce, issuer and signatures verified')
    : fail('OIDC_LOGIN_BROKEN', `the ID token of ${user} has ${wrong.join(', ')}`);
}

/** The control of the refusals: the same request, and nothing wrong with it. */
function honestCode(answer: IdpAnswer): Verdict {
  if (answer.status >= 500) return unknown('NO_ANSWER', `a valid code got ${answerText(answer)}`);
  return answer.status === 200
    ? pass('a valid code was exchanged')
    : fail('OIDC_LOGIN_BROKEN', `a valid code got ${answerText(answer)}`);
}

function subjectVerdict(attempt: Attempt<string>, wanted: string, what: string): Verdict {
  if (attempt.kind !== 'seen') return brokenAttempt(attempt, what);
  return attempt.value === wanted
    ? pass(`a verified token of ${wanted}`)
    : fail('OIDC_FLOW_BROKEN', `${what} issued a token of ${attempt.value}, expected ${wanted}`);
}

function brokenAttempt(attempt: Attempt<unknown>, what: string): Verdict {
  if (attempt.kind === 'unseen') return unknown('NO_ANSWER', `${what}: ${attempt.said}`);
  return attempt.kind === 'refused' ? fail('OIDC_FLOW_BROKEN', `${what}: ${attempt.said}`) : pass();
}

function ofSession(session: Attempt<SessionFacts>, judge: (facts: SessionFacts) => Verdict): Verdict {
  return session.kind === 'seen'
    ? judge(session.value)
    : brokenAttempt(session, 'a login with refresh token');
}

function rotates({ rotated }: SessionFacts): Verdict {
  return rotated
    ? pass('a new refresh token was issued')
    : fail('OIDC_REFRESH_STAYS', 'a refresh did not issue a new refresh token');
}

function usedRefused({ reuse }: SessionFacts): Verdict {
  if (reuse.status < 400) return fail('OIDC_REFRESH_STAYS', `a used refresh token got ${answerText(reuse)}`);
  return reuse.error === 'invalid_grant'
    ? pass(answerText(reuse))
    : unknown('NO_ANSWER', `a used refresh token got ${answerText(reuse)}`);
}

function loggedOut({ whileSignedIn, afterLogout }: SessionFacts): Verdict {
  if (whileSignedIn.error !== undefined || whileSignedIn.redirect === undefined)
    return unknown('CONTROL_NOT_GREEN', `while signed in, another login got ${answerText(whileSignedIn)}`);
  if (afterLogout.redirect !== undefined && afterLogout.error === undefined)
    return fail(
      'OIDC_LOGIN_STAYS',
      `after the logout, another login was redirected to ${afterLogout.redirect} without a password`,
    );
  return afterLogout.status === 200
    ? pass('the next login requires the password again')
    : unknown('NO_ANSWER', `after the logout, another login got ${answerText(afterLogout)}`);
}

function refusals(
  cases: readonly IdpCase[],
  answers: readonly IdpCaseAnswer[],
  code: ReasonCode,
): readonly (readonly [string, Verdict])[] {
  return cases.map((each) => {
    const found = answers.find(({ id }) => id === each.id);
    return [
      each.id,
      found === undefined
        ? unknown('CASE_NOT_RUN', `${each.id} was not sent`)
        : refusedByIdp(each, found.answer, code),
    ];
  });
}

function refusedByIdp({ id, why, expected }: IdpCase, answer: IdpAnswer, code: ReasonCode): Verdict {
  const who = `a request with ${why} (${id})`;
  if (answer.error === undefined && answer.status < 400)
    return fail(code, `${who} was granted: ${answerText(answer)}`);
  if (expected.status >= 400 && answer.redirect !== undefined)
    return fail(code, `${who} was answered by a redirect: ${answerText(answer)}`);
  if (answer.recorded === undefined)
    return answer.status >= 500
      ? unknown('NO_ANSWER', `${who}: ${answerText(answer)}`)
      : unknown('NO_RECORD', `${who}: ${answerText(answer)}, but the IdP did not log it`);
  return [answer.status, answer.recorded].every((status) => status === expected.status) &&
    answer.error === expected.error
    ? pass(answerText(answer))
    : fail(
        'REFUSED_FOR_OTHER_REASON',
        `${who} should get ${expected.status} ${expected.error}; ${answerText(answer)}, and the IdP logged ${answer.recorded}`,
      );
}

function answerText({ status, error, redirect }: IdpAnswer): string {
  return `${status}${error === undefined ? '' : ` ${error}`}${redirect === undefined ? '' : ` to ${redirect}`}`;
}

function forgedAnswers({ honest, forged }: ClientAnswers): readonly (readonly [string, Verdict])[] {
  return FORGED_ANSWERS.map(({ id, why, about }) => {
    const outcome = forged.find((each) => each.id === id)?.outcome;
    if (outcome === undefined) return [id, unknown('CASE_NOT_RUN', `the response ${id} was not sent`)];
    if (outcome === 'accepted')
      return [id, fail('OIDC_ANSWER_TAKEN', `the OIDC client of meshdev accepted ${why} (${id})`)];
    if (honest !== 'accepted')
      return [
        id,
        unknown(
          'CONTROL_NOT_GREEN',
          `the OIDC client of meshdev also refused a valid response: ${honest.refused}`,
        ),
      ];
    return outcome.refused.includes(about)
      ? [id, pass(outcome.refused)]
      : [
          id,
          fail(
            'REFUSED_FOR_OTHER_REASON',
            `${why} (${id}) should be refused for its ${about}; ${outcome.refused}`,
          ),
        ];
  });
}
