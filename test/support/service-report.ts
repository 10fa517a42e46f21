import { type AnyCheck, eachCase, fail, pass, seeing, skip, unknown, warn } from '../../src/checks/check.ts';
import type { CheckReport } from '../../src/checks/verdict.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { TWO_SERVICES } from './own-services.ts';
import { runSmall, says } from './service-checks.ts';

const SEEN = seeing(pass('HTTP 200'), { kind: 'fact', what: 'GET /healthz', seen: 'HTTP 200' });
const REFUSED = eachCase([
  ['alg-none', pass()],
  ['expired', pass()],
]);

/** The lab is green; orders accepts a token that has expired, and the sidecar of stock is gone. */
export const SERVICE_CHECKS: readonly AnyCheck[] = [
  says(
    'MD-EDGE-003',
    { services: {} },
    { title: 'the certificate has the host as a SAN' },
    { scope: 'exposed' },
  ),
  says(
    'MD-EGW-011',
    {},
    {
      title: 'the edge refuses another gateway',
      hop: 'edge->gateway',
      polarity: 'negative',
      control: 'MD-EDGE-003',
    },
  ),
  says(
    'MD-MESH-001',
    { services: { stock: fail('MESH_NOT_STRICT', 'the pod of stock has no sidecar', ['meshdev up']) } },
    { title: 'the pod accepts only mutual TLS', hop: 'gateway->sidecar', blocking: true },
  ),
  says(
    'MD-MESH-005',
    { services: { stock: unknown('TIMED_OUT', 'no answer before the deadline') } },
    { title: 'the identity is that of the service account', hop: 'gateway->sidecar' },
  ),
  says(
    'MD-JWT-001',
    { lab: SEEN, services: { orders: SEEN, stock: skip('it has no honest request') } },
    {
      title: 'a valid token is accepted',
      hop: 'sidecar->app',
    },
  ),
  says(
    'MD-JWT-010',
    {
      lab: REFUSED,
      services: {
        orders: eachCase([
          ['alg-none', pass()],
          ['expired', fail('JWT_TIME_NOT_CHECKED', 'an expired token reached the app <orders>')],
          ['not-yet', warn('EDGE_ALPN', 'it is late')],
        ]),
        stock: skip('it has no honest request'),
      },
    },
    {
      title: 'a forged token is refused',
      hop: 'sidecar->app',
      polarity: 'negative',
      refuser: 'sidecar',
      control: 'MD-JWT-001',
    },
  ),
];

/** Services of the lab that are not named here are green. */
export function serviceReport(lab: Lab = TWO_SERVICES): Promise<CheckReport> {
  return runSmall(SERVICE_CHECKS, { lab });
}
