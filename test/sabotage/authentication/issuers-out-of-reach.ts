import { rejectFrom } from '../support/firewall.ts';
import { istiodAddress } from '../support/istiod.ts';
import type { Sabotage } from '../support/sabotage.ts';

/** What it cannot ask would look refused: the control of the bad issuers must say so. */
export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'a firewall of the node keeps istiod from every issuer',
  commit: async (bench) => rejectFrom(bench, { from: await istiodAddress(bench), port: bench.lab.httpsPort }),
  extended: true,
  turns: { 'MD-OIDC-014': 'fail OIDC_GOOD_ISSUER_REFUSED' },
};
