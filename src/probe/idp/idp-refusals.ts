import { VIEWER } from '../../sample/names.ts';
import type { IdpCaseAnswer, IdpRefusals } from '../../evidence/idp.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { HeadlessBrowser } from '../../idp/client/headless-browser.ts';
import { REDIRECT_CASES } from '../../cases/providers/idp-cases.ts';
import { askAuthorization, askToken, basic, type Parameters } from './idp-dialogue.ts';
import { authorizationRequest, REDIRECT_URI } from '../../idp/client/login.ts';
import { discover, type OidcClient } from '../../idp/client/oidc-client.ts';
import { signIn } from '../../idp/client/play-login.ts';
import { edgeAccess } from '../edge/edge-access.ts';
import { fetchIdpRecords, confirmed } from './idp-records.ts';
import type { Needs } from '../probe-context.ts';

/** A code that was issued to us, and what belongs to it. */
interface Code {
  readonly code: string;
  readonly verifier: string;
}

/** A client of the sample that asks for what it may not have. */
export async function collectIdpRefusals(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'signal'>,
): Promise<IdpRefusals> {
  const since = new Date(Date.now() - 2_000);
  const [{ honest, code }, redirect] = await Promise.all([
    askForCodes(probeContext),
    askWithRedirects(probeContext),
  ]);
  const answers = [honest, ...[...code, ...redirect].map(({ answer }) => answer)];
  const records = await fetchIdpRecords(
    probeContext,
    answers.flatMap(({ meshdevId }) => meshdevId ?? []),
    since,
  );
  const confirm = ({ id, answer }: IdpCaseAnswer) => ({ id, answer: confirmed(answer, records) });
  return {
    honest: confirmed(honest, records),
    code: code.map(confirm),
    redirect: redirect.map(confirm),
  };
}

async function askForCodes(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<Pick<IdpRefusals, 'honest' | 'code'>> {
  const access = edgeAccess(probeContext);
  const { machine } = access.lab.clients;
  const secret = probeContext.keys.idp.clientSecrets[machine] ?? '';
  const request = authorizationParameters(access);
  const [own, [used, wrong, missing, moved]] = await Promise.all([
    Promise.all([
      askAuthorization(access, { ...request, code_challenge_method: 'plain' }),
      askAuthorization(access, without(request, 'code_challenge', 'code_challenge_method')),
      askAuthorization(access, { ...request, client_id: 'stranger' }),
      askToken(access, { grant_type: 'client_credentials', client_id: 'stranger' }),
      askToken(access, MACHINE_GRANT, basic(machine, `${secret.slice(1)}x`)),
      askToken(access, { ...MACHINE_GRANT, client_id: machine }),
    ]),
    fourCodes(probeContext),
  ]);
  const [plain, unchallenged, stranger, strangersToken, wrongSecret, noSecret] = own;
  const other = { ...wrong, verifier: moved.verifier };
  const [wrongVerifier, missingVerifier, otherRedirect] = await Promise.all([
    askToken(access, exchange(access, other)),
    askToken(access, without(exchange(access, missing), 'code_verifier')),
    askToken(access, { ...exchange(access, moved), redirect_uri: `${REDIRECT_URI}/other` }),
  ]);
  // Last: a code that is shown twice ends every token of its login.
  const honest = await askToken(access, exchange(access, used));
  const usedCode = await askToken(access, exchange(access, used));
  return {
    honest,
    code: [
      { id: 'used-code', answer: usedCode },
      { id: 'wrong-verifier', answer: wrongVerifier },
      { id: 'missing-verifier', answer: missingVerifier },
      { id: 'other-redirect', answer: otherRedirect },
      { id: 'plain-challenge', answer: plain },
      { id: 'missing-challenge', answer: unchallenged },
      { id: 'unknown-client', answer: stranger },
      { id: 'unknown-client-code', answer: strangersToken },
      { id: 'wrong-secret', answer: wrongSecret },
      { id: 'no-secret', answer: noSecret },
    ],
  };
}

const MACHINE_GRANT = { grant_type: 'client_credentials', scope: 'api' } as const;

/** RFC 7636 appendix B: a challenge of the right form whose verifier everybody knows. */
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

function authorizationParameters({ lab }: EdgeAccess): Parameters {
  return {
    client_id: lab.clients.cli,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid',
    state: 'a-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  };
}

function exchange({ lab }: EdgeAccess, { code, verifier }: Code): Parameters {
  return {
    grant_type: 'authorization_code',
    client_id: lab.clients.cli,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  };
}

function without(parameters: Parameters, ...names: readonly string[]): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.includes(name)));
}

/** One login, four requests: the browser is known after the first. */
async function fourCodes(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<readonly [Code, Code, Code, Code]> {
  const access = edgeAccess(probeContext);
  const client = await discover(access, { id: access.lab.clients.cli });
  const browser = new HeadlessBrowser(access, REDIRECT_URI);
  const { idp } = probeContext.keys;
  const credentials = { user: VIEWER, password: idp.passwords[VIEWER] ?? '', secrets: idp };
  const next = () => newCode(client, (url) => signIn(browser, url, credentials));
  return [await next(), await next(), await next(), await next()];
}

async function newCode(client: OidcClient, visit: (url: URL) => Promise<URL>): Promise<Code> {
  const { url, checks } = await authorizationRequest(client, new Set(['openid', 'api']));
  const callback = await visit(url);
  return { code: callback.searchParams.get('code') ?? '', verifier: checks.pkceCodeVerifier };
}

function askWithRedirects(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<readonly IdpCaseAnswer[]> {
  const access = edgeAccess(probeContext);
  const request = authorizationParameters(access);
  return Promise.all(
    REDIRECT_CASES.map(async ({ id, uri }) => ({
      id,
      answer: await askAuthorization(access, { ...request, redirect_uri: uri }),
    })),
  );
}
