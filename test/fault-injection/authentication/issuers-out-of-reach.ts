import { istiodAddress } from '../../../src/probe/mesh/istiod.ts';
import { rejectFrom } from '../support/firewall.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** What it cannot ask would look refused: the control of the bad issuers must say so. */
export const fault: FaultInjection = {
  category: 'authentication',
  what: 'a firewall of the node keeps istiod from every issuer',
  names: /istiod|issuer/,
  commit: async (bench) => {
    const { context, lab } = bench;
    const from = await istiodAddress({ context, signal: AbortSignal.timeout(30_000) });
    return rejectFrom(bench, { from, port: lab.httpsPort });
  },
  extended: true,
  turns: { 'MD-OIDC-014': 'fail OIDC_GOOD_ISSUER_REFUSED' },
};
