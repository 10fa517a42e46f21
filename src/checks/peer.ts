import { type WorkloadIdentity, spiffeId } from '../topology/identity.ts';
import { parseXfcc, xfccValues } from '../trust/xfcc.ts';
import { fail, pass } from './check.ts';
import type { Echo } from '../evidence/traced-request.ts';
import type { Verdict } from './verdict.ts';

/**
 * What the sidecar before a workload wrote about its client: the last XFCC element, its `URI` the
 * client, its `By` the workload itself. Compared whole: one identity may be the beginning of another.
 */
export function peerVerdict(echo: Echo, client: WorkloadIdentity, server: WorkloadIdentity): Verdict {
  const header = echo.headers['x-forwarded-client-cert']?.join(',');
  if (header === undefined) return fail('CONT_NO_XFCC', `${server.serviceAccount} received no XFCC`);
  const xfcc = parseXfcc(header);
  if (xfcc.kind === 'malformed')
    return fail(
      'CONT_XFCC_MALFORMED',
      `the XFCC at ${server.serviceAccount} is malformed at character ${xfcc.at}: ${xfcc.why}`,
    );
  const last = xfcc.elements.at(-1);
  const [uri, by] = ['URI', 'By'].map((key) => (last === undefined ? '' : xfccValues(last, key).join(' ')));
  return uri === spiffeId(client) && by === spiffeId(server)
    ? pass(`${uri} -> ${by}`)
    : fail(
        'CONT_OTHER_PEER',
        `the last XFCC element has URI ${uri === '' ? 'none' : uri}, By ${by === '' ? 'none' : by}`,
      );
}
