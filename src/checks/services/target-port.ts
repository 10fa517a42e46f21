import type { ServicePods } from '../../evidence/services/service-pods.ts';
import type { Service } from '../../topology/service.ts';

/** The port of the pod that the Service leads to; undefined where it names none. */
export function namedTarget(
  { object }: Pick<ServicePods, 'object'>,
  { port }: Pick<Service, 'port'>,
): number | string | undefined {
  return object?.ports.find((one) => one.port === port.service)?.target;
}

/** The port of the pod that the service uses: that of meshdev.yaml where it says it, else the Service's. */
export function targetOf(
  seen: Pick<ServicePods, 'object'>,
  service: Pick<Service, 'port'>,
): number | string | undefined {
  return service.port.target ?? namedTarget(seen, service);
}
