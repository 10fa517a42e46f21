import type { EdgeUpstream } from '../evidence/edge-state.ts';
import { fail } from './check.ts';
import type { Verdict } from './verdict.ts';

/** What lets Caddy accept another server than the gateway, or the gateway another client; undefined where nothing does. */
export function upstreamProblem(upstream: EdgeUpstream): Verdict | undefined {
  const where = `Caddy's upstream ${upstream.dial.join(', ')} for ${upstream.host}`;
  if (!upstream.tls) return fail('EGW_PLAINTEXT', `${where} is plaintext`);
  if (upstream.skipVerify)
    return fail('EGW_SKIP_VERIFY', `${where} has insecure_skip_verify: the edge accepts any server`);
  if (!upstream.anchors) return fail('EGW_NO_ANCHOR', `${where} has no CA of its own in the trust pool`);
  if (upstream.serverName !== upstream.host)
    return fail(
      'EGW_SERVER_NAME',
      `${where} verifies the name ${upstream.serverName ?? '(none)'}, expected ${upstream.host === '*' ? 'a host of its own' : upstream.host}`,
    );
  return upstream.clientCertificate
    ? undefined
    : fail('EGW_NO_CLIENT_CERTIFICATE', `${where} presents no client certificate`);
}
