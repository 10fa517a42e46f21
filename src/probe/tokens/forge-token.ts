import { ROLELESS } from '../../sample/names.ts';
import {
  FOREIGN_RECIPES,
  OTHER_AUDIENCE_RECIPES,
  OTHER_ISSUER_RECIPES,
  OUT_OF_TIME_RECIPES,
} from './forge/claims.ts';
import { Forge, type ForgeryBase, type Recipe } from './forge/forge.ts';
import { MISSHAPEN_RECIPES, OTHER_KIND_RECIPES, TOLERATED_RECIPES } from './forge/shapes.ts';
import {
  CONFUSED_RECIPES,
  SELF_BROUGHT_RECIPES,
  TAMPERED_RECIPES,
  UNSIGNED_RECIPES,
} from './forge/signatures.ts';
import type { TokenCaseId } from '../../cases/tokens/token-cases.ts';

export type { ForgeryBase } from './forge/forge.ts';

/** The compact token of one case. Exactly one thing is wrong with it. */
export async function forgeToken(id: TokenCaseId, base: ForgeryBase): Promise<string> {
  return RECIPES[id](new Forge(base));
}

const RECIPES: Readonly<Record<TokenCaseId, Recipe>> = {
  ...UNSIGNED_RECIPES,
  ...CONFUSED_RECIPES,
  ...SELF_BROUGHT_RECIPES,
  ...TAMPERED_RECIPES,
  ...FOREIGN_RECIPES,
  ...OTHER_ISSUER_RECIPES,
  ...OTHER_AUDIENCE_RECIPES,
  ...OUT_OF_TIME_RECIPES,
  ...OTHER_KIND_RECIPES,
  ...MISSHAPEN_RECIPES,
  [`valid-but-${ROLELESS}`]: (forge) => forge.signed({ claims: { sub: ROLELESS, roles: [] } }),
  ...TOLERATED_RECIPES,
};
