import { createLab, DEFAULT_CHOICE, type Lab, type LabChoice, withOwnParts } from '../../src/topology/lab.ts';
import type { Service } from '../../src/topology/service.ts';

/** A service of a user, as meshdev.yaml would make it; exposed where it has a host. */
function ownService(id: string, more: Partial<Service> = {}): Service {
  return {
    id,
    identity: { trustDomain: 'cluster.local', namespace: 'apps', serviceAccount: id },
    selector: { app: id },
    port: { service: 8080, target: 8080 },
    extraPorts: [],
    protocol: 'http',
    source: { kind: 'image', image: `example.com/${id}:1` },
    app: 'opaque',
    access: [],
    callers: [],
    dependsOn: [],
    trustedHeaders: [],
    active: 'safe',
    ...more,
  };
}

export function exposed(id: string): Service {
  const host = `${id}.mesh.localhost`;
  return ownService(id, { host, audience: `https://${host}`, tokenPolicy: `apps/${id}-tokens` });
}

/** orders is exposed, stock is called by it alone. */
export const ORDERS = exposed('orders');
export const STOCK = ownService('stock', { callers: ['orders'] });

export function labWith(services: readonly Service[], choice: LabChoice = DEFAULT_CHOICE): Lab {
  const lab = createLab(choice);
  return withOwnParts(lab, { services, users: lab.users });
}

export const TWO_SERVICES = labWith([ORDERS, STOCK]);
