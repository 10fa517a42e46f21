import { rulesThatAllow } from '../../topology/access.ts';
import type { Problem } from '../problem.ts';
import { controlOf } from './control.ts';
import type { Draft, RuleDraft, ServiceDraft } from './draft.ts';
import { personasIn } from './personas.ts';

/** Checks and health in words that the protocol does not have. */
export function checkMistakes({ services }: Draft): readonly Problem[] {
  return services.flatMap((service) => [...healthOf(service), ...checkOf(service)]);
}

function healthOf({ protocol, health, path }: ServiceDraft): readonly Problem[] {
  const at = [...path, 'health'];
  if (health === undefined || protocol === undefined) return [];
  if (protocol === 'tcp')
    return [{ path: at, message: 'has no meaning with appProtocol tcp: a connection that opens is healthy' }];
  if (protocol === 'grpc' && typeof health === 'string')
    return [{ path: at, message: 'is a path, and the service is gRPC: needs { grpc: true }' }];
  if (protocol !== 'grpc' && typeof health === 'object')
    return [{ path: at, message: `is of gRPC, and the service is ${protocol}: must be a path` }];
  return [];
}

function checkOf(service: ServiceDraft): readonly Problem[] {
  const { protocol, check, health, path } = service;
  if (check === undefined || protocol === undefined) return [];
  const at = [...path, 'check'];
  if (protocol === 'tcp')
    return [{ path: at, on: 'key', message: 'has no meaning with appProtocol tcp: there is no request' }];
  const asked = protocol === 'grpc' ? grpcCheck(at, check, health) : httpCheck(at, check, health);
  return [...asked, ...senderOf(service)];
}

function grpcCheck(
  at: Problem['path'],
  { path, rpc }: NonNullable<ServiceDraft['check']>,
  health: ServiceDraft['health'],
): readonly Problem[] {
  if (path !== undefined)
    return [{ path: [...at, 'path'], on: 'key', message: 'is of HTTP, and the service is gRPC: needs rpc' }];
  return rpc === undefined && typeof health !== 'object'
    ? [{ path: at, on: 'key', message: 'needs rpc: package.Service/Method, or health: { grpc: true }' }]
    : [];
}

function httpCheck(
  at: Problem['path'],
  { path, rpc }: NonNullable<ServiceDraft['check']>,
  health: ServiceDraft['health'],
): readonly Problem[] {
  if (rpc !== undefined)
    return [{ path: [...at, 'rpc'], on: 'key', message: 'is of gRPC: needs path, or appProtocol: grpc' }];
  return path === undefined && typeof health !== 'string'
    ? [{ path: at, on: 'key', message: 'needs a path, or health with one' }]
    : [];
}

function senderOf({ id, check, has, path }: ServiceDraft): readonly Problem[] {
  const at = [...path, 'check'];
  if (has('host') && check?.as === undefined)
    return [{ path: at, on: 'key', message: 'needs as: the user who sends the request' }];
  return !has('host') && check?.as !== undefined
    ? [
        {
          path: [...at, 'as'],
          on: 'key',
          message: `people come through the edge, and ${id} has no host: one of its callers sends the request`,
        },
      ]
    : [];
}

/** Checks that could never be answered with 200, since no rule lets them through. @param clean without other mistakes */
export function unreachableChecks(draft: Draft, clean: readonly ServiceDraft[]): readonly Problem[] {
  return clean.flatMap((service): readonly Problem[] => {
    const { id, check, path, rules } = service;
    if (check === undefined) return [];
    const control = controlOf(service, draftedRules(rules), personasIn(draft));
    if (control.kind === 'allowed') return [];
    const { method, path: wanted } = control.request;
    const who = check.as ?? (rules.some(({ from }) => from.length > 0) ? 'any caller' : 'anybody');
    const message = `${who} may not send ${method} ${wanted} to ${id}: no rule of allow lets it through, so the check could never be green`;
    return [{ path: [...path, 'check'], on: 'key', message }];
  });
}

/** Every rule as the model has it; the names of policies do not matter here. */
function draftedRules(rules: readonly RuleDraft[]): Parameters<typeof rulesThatAllow>[0] {
  return rules.map((rule) => {
    const names = (list: RuleDraft['from']): readonly string[] => list.map(({ name }) => name);
    const scope = {
      ...(rule.has('methods') ? { methods: names(rule.methods) } : {}),
      ...(rule.has('paths') ? { paths: names(rule.paths) } : {}),
    };
    return rule.has('from')
      ? { policy: '', scope, kind: 'services', from: names(rule.from) }
      : { policy: '', scope, kind: 'people', roles: names(rule.roles), users: names(rule.users) };
  });
}
