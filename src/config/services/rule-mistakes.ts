import type { Problem } from '../problem.ts';
import type { Draft, RuleDraft, ServiceDraft } from './draft.ts';

/** Rules that say nothing, two things at once, or what their protocol does not have. */
export function ruleMistakes({ services }: Draft): readonly Problem[] {
  return services.flatMap((service) => [
    ...service.rules.flatMap((rule) => [...subjectsOf(service, rule), ...protocolOf(service, rule)]),
    ...exposureOf(service),
  ]);
}

const PEOPLE = ['roles', 'users'] as const;

function subjectsOf(service: ServiceDraft, rule: RuleDraft): readonly Problem[] {
  const people = PEOPLE.filter((key) => rule.has(key));
  if (people.length === 0 && !rule.has('from'))
    return [{ path: rule.path, message: 'admits no caller: needs roles, users or from' }];
  const [key] = people;
  if (key === undefined || service.protocol === 'tcp') return [];
  if (rule.has('from'))
    return [
      {
        path: [...rule.path, 'from'],
        on: 'key',
        message:
          'is in one rule with roles or users: people come through the gateway, services with their own identity; write two rules',
      },
    ];
  return service.has('host')
    ? []
    : [
        {
          path: [...rule.path, key],
          on: 'key',
          message: `people come through the edge, and ${service.id} has no host`,
        },
      ];
}

function protocolOf({ protocol }: ServiceDraft, rule: RuleDraft): readonly Problem[] {
  if (protocol === 'tcp')
    return ['roles', 'users', 'methods', 'paths'].filter(rule.has).map((key) => ({
      path: [...rule.path, key],
      on: 'key',
      message: 'has no meaning with appProtocol tcp: a connection has no token, method or path; needs from',
    }));
  if (protocol !== 'grpc') return [];
  return rule.methods
    .filter(({ name }) => name !== 'POST')
    .map(({ name, path }) => ({ path, message: `gRPC sends POST only, never ${name}` }));
}

function exposureOf({ protocol, path, has }: ServiceDraft): readonly Problem[] {
  if (protocol === 'tcp' && has('host'))
    return [
      {
        path: [...path, 'host'],
        on: 'key',
        message: 'appProtocol tcp is for the inside of the mesh: the edge forwards HTTP only',
      },
    ];
  if (has('host')) return [];
  return ['headers'].filter(has).map((key) => ({
    path: [...path, key],
    on: 'key',
    message: 'has no effect without a host: it is about clients of the edge',
  }));
}
