import { ROLELESS } from '../../sample/names.ts';
import { FOREIGN, OTHER_AUDIENCE, OTHER_ISSUER, OUT_OF_TIME } from './claims.ts';
import { MISSHAPEN, OTHER_KIND, TOLERATED } from './shapes.ts';
import { CONFUSED, SELF_BROUGHT, TAMPERED, UNSIGNED } from './signatures.ts';
import type { Listed, TokenCase } from './token-case.ts';

export type { TokenCase } from './token-case.ts';

const UNPRIVILEGED = [
  {
    id: `valid-but-${ROLELESS}`,
    why: 'a valid token of a user without roles',
    expected: { status: 403, reason: 'ACCESS_DENIED' },
  },
] as const satisfies readonly Listed[];

function of<const Case extends Listed>(
  check: TokenCase['check'],
  cases: readonly Case[],
): readonly (Case & Pick<TokenCase, 'check'>)[] {
  return cases.map((each) => ({ ...each, check }));
}

/** Forgeries that must be refused. Statuses and reasons are measured on the pinned Envoy. */
export const FORGED_TOKENS = [
  ...of('MD-JWT-010', UNSIGNED),
  ...of('MD-JWT-011', CONFUSED),
  ...of('MD-JWT-012', SELF_BROUGHT),
  ...of('MD-JWT-013', TAMPERED),
  ...of('MD-JWT-014', FOREIGN),
  ...of('MD-JWT-015', OTHER_ISSUER),
  ...of('MD-JWT-016', OTHER_AUDIENCE),
  ...of('MD-JWT-017', OUT_OF_TIME),
  ...of('MD-JWT-018', OTHER_KIND),
  ...of('MD-JWT-020', MISSHAPEN),
  ...of('MD-RBAC-002', UNPRIVILEGED),
];

/** Odd tokens that are accepted on purpose. */
export const TOLERATED_TOKENS = of('MD-JWT-021', TOLERATED);

export type TokenCaseId = (typeof FORGED_TOKENS)[number]['id'] | (typeof TOLERATED_TOKENS)[number]['id'];
