import type { ReasonCode } from '../../../src/checks/reasons.ts';
import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { Attempt, IdpAnswer, SessionFacts } from '../../../src/evidence/idp.ts';
import { FORGED_ANSWERS } from '../../../src/cases/providers/forged-answers.ts';
import { CODE_CASES, REDIRECT_CASES } from '../../../src/cases/providers/idp-cases.ts';
import type { Break } from '../../support/break-evidence.ts';
import { row, type Row, uncontrolled } from './expected.ts';

/** Getting tokens: what the IdP and our own client make of honest and of forged requests. */
export function loginRows(): readonly Row[] {
  return [...loginFlowRows(), ...sessionRows(), ...refusalRows(), ...answerRows()];
}

function loginFlowRows(): readonly Row[] {
  const bob = (login: Attempt<Partial<EvidenceMap['idp.logins'][string] & object>>): Break => {
    return (all) => ({ ...all, 'idp.logins': { ...all['idp.logins'], bob: whole(login, all) } });
  };
  const turned = (red: 'fail OIDC_LOGIN_BROKEN' | 'fail OIDC_FLOW_BROKEN' | 'unknown NO_ANSWER') => ({
    'MD-OIDC-004': red,
    ...uncontrolled('MD-OIDC-004'),
  });
  const idToken = (what: string, change: object) =>
    row(`bob’s ID token has ${what}`, bob({ kind: 'seen', value: change }), turned('fail OIDC_LOGIN_BROKEN'));
  return [
    idToken('another subject', { subject: 'alice' }),
    idToken('another issuer', { issuer: 'https://other.invalid' }),
    idToken('another audience', { audience: ['other'] }),
    idToken('no nonce', { hasNonce: false }),
    row('bob cannot sign in', bob({ kind: 'refused', said: '422' }), turned('fail OIDC_FLOW_BROKEN')),
    row(
      'bob’s sign-in was not answered',
      bob({ kind: 'unseen', said: 'timeout' }),
      turned('unknown NO_ANSWER'),
    ),
    row('an honest code is refused', honest({ status: 400 }), turned('fail OIDC_LOGIN_BROKEN')),
    row('an honest code is not answered', honest({ status: 502 }), turned('unknown NO_ANSWER')),
  ];
}

/** Facts of the healthy login, some of them changed. */
function whole(
  login: Attempt<object>,
  { 'idp.logins': { bob } }: EvidenceMap,
): Attempt<never> | EvidenceMap['idp.logins'][string] {
  if (login.kind !== 'seen') return login;
  if (bob?.kind !== 'seen') throw new Error('bob is not signed in');
  return { kind: 'seen', value: { ...bob.value, ...login.value } };
}

function honest(answer: IdpAnswer): Break {
  return (all) => ({ ...all, 'idp.refusals': { ...all['idp.refusals'], honest: answer } });
}

function flows(change: Partial<EvidenceMap['idp.flows']>): Break {
  return (all) => ({ ...all, 'idp.flows': { ...all['idp.flows'], ...change } });
}

function session(change: Partial<SessionFacts>): Break {
  return (all) => {
    const { session: seen } = all['idp.flows'];
    if (seen.kind !== 'seen') throw new Error('there is no session');
    return flows({ session: { kind: 'seen', value: { ...seen.value, ...change } } })(all);
  };
}

function sessionRows(): readonly Row[] {
  const turned = (what: string, broken: Break, red: `${'fail' | 'unknown'} ${ReasonCode}`) =>
    row(what, broken, { 'MD-OIDC-006': red });
  const toClient = { status: 303, redirect: 'http://127.0.0.1:1/callback' };
  return [
    turned(
      'the device flow is refused',
      flows({ device: { kind: 'refused', said: 'x' } }),
      'fail OIDC_FLOW_BROKEN',
    ),
    turned(
      'the device gets another’s token',
      flows({ device: { kind: 'seen', value: 'alice' } }),
      'fail OIDC_FLOW_BROKEN',
    ),
    turned(
      'the machine gets no token',
      flows({ machine: { kind: 'refused', said: 'x' } }),
      'fail OIDC_FLOW_BROKEN',
    ),
    turned('nobody saw the session', flows({ session: { kind: 'unseen', said: 'x' } }), 'unknown NO_ANSWER'),
    turned('a refresh token does not rotate', session({ rotated: false }), 'fail OIDC_REFRESH_STAYS'),
    turned('a used refresh token is good', session({ reuse: { status: 200 } }), 'fail OIDC_REFRESH_STAYS'),
    turned('a used refresh token meets an error', session({ reuse: { status: 502 } }), 'unknown NO_ANSWER'),
    turned('a login survives its logout', session({ afterLogout: toClient }), 'fail OIDC_LOGIN_STAYS'),
    turned('after the logout nothing works', session({ afterLogout: { status: 500 } }), 'unknown NO_ANSWER'),
    turned(
      'the browser was not known before the logout',
      session({ whileSignedIn: { status: 200 } }),
      'unknown CONTROL_NOT_GREEN',
    ),
  ];
}

function refusal(of: 'code' | 'redirect', id: string, answer: Partial<IdpAnswer>): Break {
  return (all) => ({
    ...all,
    'idp.refusals': {
      ...all['idp.refusals'],
      [of]: all['idp.refusals'][of].map((one) =>
        one.id === id ? { ...one, answer: { ...one.answer, ...answer } } : one,
      ),
    },
  });
}

function refusalRows(): readonly Row[] {
  const granted = { status: 200 } as const;
  const ungranted: Break = (all) => ({
    ...all,
    'idp.refusals': {
      ...all['idp.refusals'],
      code: CODE_CASES.map(({ id }) => ({ id, answer: granted })),
    },
  });
  return [
    row('the IdP grants whatever is asked for', ungranted, { 'MD-OIDC-007': 'fail OIDC_CODE_TAKEN' }),
    ...CODE_CASES.map(({ id, why }) =>
      row(`refused in other words: ${id} (${why})`, refusal('code', id, { error: 'server_error' }), {
        'MD-OIDC-007': 'fail REFUSED_FOR_OTHER_REASON',
      }),
    ),
    ...REDIRECT_CASES.map(({ id, why }) =>
      row(
        `the IdP redirects to ${id} (${why})`,
        refusal('redirect', id, { status: 303, redirect: 'http://evil.invalid/' }),
        { 'MD-OIDC-008': 'fail OIDC_REDIRECT_TAKEN' },
      ),
    ),
    row('another party refused a redirect', refusal('redirect', 'script', { recorded: 200 }), {
      'MD-OIDC-008': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row(
      'the IdP wrote nothing of a refusal',
      (all) => ({
        ...all,
        'idp.refusals': {
          ...all['idp.refusals'],
          redirect: REDIRECT_CASES.map(({ id, expected }) => ({ id, answer: expected })),
        },
      }),
      { 'MD-OIDC-008': 'unknown NO_RECORD' },
    ),
    row(
      'a code case was not tried',
      (all) => ({ ...all, 'idp.refusals': { ...all['idp.refusals'], code: [] } }),
      { 'MD-OIDC-007': 'unknown CASE_NOT_RUN' },
    ),
  ];
}

function answers(change: (answers: EvidenceMap['client.answers']) => EvidenceMap['client.answers']): Break {
  return (all) => ({ ...all, 'client.answers': change(all['client.answers']) });
}

function answerRows(): readonly Row[] {
  return [
    ...FORGED_ANSWERS.map(({ id, why }) =>
      row(
        `our own client takes ${why} (${id})`,
        answers(({ honest: control, forged }) => ({
          honest: control,
          forged: forged.map((one) => (one.id === id ? { id, outcome: 'accepted' } : one)),
        })),
        { 'MD-OIDC-009': 'fail OIDC_ANSWER_TAKEN' },
      ),
    ),
    row(
      'our own client takes no answer at all',
      answers(({ forged }) => ({ honest: { refused: 'x' }, forged })),
      { 'MD-OIDC-009': 'unknown CONTROL_NOT_GREEN' },
    ),
    row(
      'our own client refuses for something else',
      answers(({ honest: control, forged }) => ({
        honest: control,
        forged: forged.map(({ id }) => ({ id, outcome: { refused: 'no network' } })),
      })),
      { 'MD-OIDC-009': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row(
      'no answer was forged',
      answers(({ honest: control }) => ({ honest: control, forged: [] })),
      {
        'MD-OIDC-009': 'unknown CASE_NOT_RUN',
      },
    ),
  ];
}
