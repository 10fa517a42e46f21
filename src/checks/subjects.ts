import type { Lab } from '../topology/lab.ts';
import { type Service, ownServices } from '../topology/service.ts';
import type { AnyCheck } from './check.ts';
import type { AnyServiceJudge } from './service-judge.ts';

/** A check on the lab, or on one service of meshdev.yaml. */
export interface Subject {
  readonly check: AnyCheck;
  /** Undefined: the lab. */
  readonly of?: { readonly service: Service; readonly judge: AnyServiceJudge };
}

/** Whether this judge has something to say about this service. */
function isInScope({ scope }: Pick<AnyServiceJudge, 'scope'>, { host }: Service): boolean {
  return scope === 'service' || host !== undefined;
}

/** The services that this check could be judged of, in the order of the lab. */
export function servicesInScope(
  { service: judge }: AnyCheck,
  services: readonly Service[],
): readonly Service[] {
  return judge === undefined ? [] : services.filter((service) => isInScope(judge, service));
}

/** All that is judged: of each check the lab first, then its services in the order of the lab. Pure. */
export function subjectsOf(checks: readonly AnyCheck[], lab: Lab): readonly Subject[] {
  const services = ownServices(lab);
  return checks.flatMap((check) => [
    ...(check.chosen === undefined || check.chosen.lab ? [{ check }] : []),
    ...servicesInScope(check, services).flatMap((service) => {
      const judge = check.chosen === undefined ? check.service : check.chosen.services.get(service.id);
      return judge === undefined ? [] : [{ check, of: { service, judge } }];
    }),
  ]);
}
