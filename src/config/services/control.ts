import { type AccessRule, rulesThatAllow } from '../../topology/access.ts';
import type { HonestRequest, Persona } from '../../topology/service.ts';
import type { ServiceValues } from './service-schema.ts';

/** Method of gRPC's own health protocol. */
const GRPC_HEALTH = 'grpc.health.v1.Health/Check';

interface Asked {
  readonly protocol: ServiceValues['appProtocol'];
  readonly check: ServiceValues['check'];
  readonly health: ServiceValues['health'];
}

export type Control =
  | { readonly kind: 'allowed'; readonly request: HonestRequest }
  | { readonly kind: 'refused'; readonly request: Pick<HonestRequest, 'method' | 'path'> };

/** The honest request of a service that has `check`, and whether a rule lets it through. Pure. */
export function controlOf(
  asked: Asked,
  access: readonly AccessRule[],
  personas: readonly Persona[],
): Control {
  const request = requestOf(asked);
  const sender = senderOf(asked.check?.as, access, personas, request);
  return sender === undefined
    ? { kind: 'refused', request }
    : { kind: 'allowed', request: { ...request, as: sender } };
}

function requestOf({ protocol, check, health }: Asked): Pick<HonestRequest, 'method' | 'path'> {
  if (protocol === 'grpc') return { method: 'POST', path: `/${check?.rpc ?? GRPC_HEALTH}` };
  return { method: 'GET', path: check?.path ?? (typeof health === 'string' ? health : '/') };
}

/** The user that is named; inside the mesh, the first caller that may. */
function senderOf(
  user: string | undefined,
  access: readonly AccessRule[],
  personas: readonly Persona[],
  request: Pick<HonestRequest, 'method' | 'path'>,
): HonestRequest['as'] | undefined {
  if (user !== undefined) {
    const roles = personas.find(({ name }) => name === user)?.roles ?? [];
    const who = { kind: 'person', name: user, roles } as const;
    return rulesThatAllow(access, { who, ...request }).length > 0 ? { person: user } : undefined;
  }
  const callers = access.flatMap((rule) => (rule.kind === 'services' ? rule.from : []));
  const service = callers.find(
    (id) => rulesThatAllow(access, { who: { kind: 'service', id }, ...request }).length > 0,
  );
  return service === undefined ? undefined : { service };
}
