import { ADMIN } from '../../sample/names.ts';
import type { CellRequest } from '../../evidence/corpora.ts';
import type { Preflights } from '../../evidence/policy-state.ts';
import { type Subject, cellsOf } from '../../cases/matrix/access-matrix.ts';
import type { TokenSet } from '../tokens/tokens.ts';
import { type Shot, rawRequest, sendCases, sendShots, sentAs } from '../requests/send-shots.ts';
import type { Needs } from '../probe-context.ts';
import { authorityOf } from '../../topology/lab.ts';
import { loadMatrix } from '../../lab/load-matrix.ts';

/** One request for each cell. */
export async function collectMatrix(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'matrix' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<readonly CellRequest[]> {
  const [tokens, matrix] = await Promise.all([
    probeContext.tokens(),
    probeContext.matrix ?? loadMatrix(probeContext.context),
  ]);
  const host = authorityOf(probeContext.context.lab);
  return sendCases(probeContext, cellsOf(matrix).cells, ({ subject, method, path }) => {
    const token = tokenOf(matrix.subjects[subject], tokens);
    const lines = token === undefined ? [] : [`Authorization: Bearer ${token}`];
    return { via: 'edge', request: (agent) => rawRequest({ agent, host, line: `${method} ${path}`, lines }) };
  });
}

function tokenOf(subject: Subject | undefined, tokens: TokenSet): string | undefined {
  if (subject === undefined || 'token' in subject) return undefined;
  if ('clientCredentials' in subject) return tokens.machine.accessToken;
  return Object.entries(tokens).find(([holder]) => holder === subject.user)?.[1].accessToken;
}

/** Looks like a token, and nobody signed it. */
const GARBAGE = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.AAAA';

/** What browsers send before a cross-origin call, and what only looks like it. */
export async function collectPreflights(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<Preflights> {
  const { [ADMIN]: admin } = await probeContext.tokens();
  const host = authorityOf(probeContext.context.lab);
  const cors = ['Origin: https://elsewhere.example.test', 'Access-Control-Request-Method: GET'];
  const shot = (id: string, method: string, token: string | undefined, lines: readonly string[]): Shot => ({
    id,
    via: 'edge',
    request: (agent) =>
      rawRequest({
        agent,
        host,
        line: `${method} /headers`,
        lines: [...(token === undefined ? [] : [`Authorization: Bearer ${token}`]), ...lines],
      }),
  });
  const sent = await sendShots(probeContext, [
    shot('garbage', 'OPTIONS', GARBAGE, cors),
    shot('no-token', 'OPTIONS', undefined, cors),
    shot(ADMIN, 'OPTIONS', admin.accessToken, cors),
    shot('not-preflight', 'OPTIONS', GARBAGE, []),
    shot('get', 'GET', GARBAGE, cors),
  ]);
  return {
    garbage: sentAs(sent, 'garbage'),
    noToken: sentAs(sent, 'no-token'),
    [ADMIN]: sentAs(sent, ADMIN),
    notPreflight: sentAs(sent, 'not-preflight'),
    get: sentAs(sent, 'get'),
  };
}
