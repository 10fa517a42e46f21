import type { Bench } from '../support/bench.ts';
import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { tokenRules } from '../support/token-rules.ts';

/** The corpus has a token of it, signed with the lab's own key. */
function stranger({ lab }: Bench): object {
  return {
    issuer: 'https://issuer.invalid',
    audiences: [lab.audience],
    jwksUri: `${lab.issuer}/jwks`,
    forwardOriginalToken: true,
    fromHeaders: [{ name: 'Authorization', prefix: 'Bearer ' }],
  };
}

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'another issuer is added to the rules for tokens',
  names: 'RequestAuthentication apps/tokens',
  commit: (bench) => patchObject(bench, tokenRules(bench), [['add', '/spec/jwtRules/-', stranger(bench)]]),
  turns: { 'MD-JWT-015': 'fail REFUSED_FOR_OTHER_REASON', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
