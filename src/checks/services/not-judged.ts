import type { Service } from '../../topology/service.ts';
import { skip } from '../check.ts';
import type { Verdict } from '../verdict.ts';

/** Why no token of a person can be tried, and what to add to meshdev.yaml; undefined where one can. */
export function withoutPersonalControl(service: Service): Verdict | undefined {
  if (service.protocol === 'tcp')
    return skip(`${service.id} is tcp: a connection has no token, only the identity of its client`);
  if (service.host === undefined)
    return skip(`${service.id} has no host: no person reaches it, and it takes no tokens`);
  if (service.control !== undefined && 'person' in service.control.as) return undefined;
  return skip(
    `no valid request to ${service.id} is described; add to services.${service.id} in meshdev.yaml: ${example(service)}`,
  );
}

function example({ protocol }: Service): string {
  return protocol === 'grpc'
    ? 'check: { rpc: PACKAGE.SERVICE/METHOD, as: USER }'
    : 'check: { path: /PATH, as: USER }';
}
