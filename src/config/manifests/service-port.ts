import { z } from 'zod';
import type { AppProtocol } from '../../topology/service.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { Workload } from './pod-template.ts';

const portShape = z.looseObject({
  name: z.string().nullish(),
  port: z.number(),
  targetPort: z.union([z.number(), z.string()]).nullish(),
  appProtocol: z.string().nullish(),
  protocol: z.string().nullish(),
});
const serviceShape = z.looseObject({
  spec: z.looseObject({
    type: z.string().nullish(),
    selector: z.record(z.string(), z.string()).nullish(),
    ports: z.array(portShape).nullish(),
  }),
});

export interface ServicePort {
  readonly number: number;
  readonly name: string;
  readonly appProtocol: string | undefined;
  /** Number, or name of a port of the pod. */
  readonly target: number | string;
  /** Where it is in the object. */
  readonly path: readonly (string | number)[];
}

/** What a Kubernetes Service says. */
export interface KubernetesService extends ManifestObject {
  readonly selector: Readonly<Record<string, string>>;
  readonly isExternalName: boolean;
  /** TCP alone. */
  readonly ports: readonly ServicePort[];
}

/** What is wrong where its specification is none. Pure. */
export function readService(
  found: ManifestObject,
): KubernetesService | { readonly at: string; readonly message: string } {
  const read = serviceShape.safeParse(found.object);
  if (!read.success) {
    const [{ path, message } = { path: [], message: '' }] = read.error.issues;
    const keys = path.map((key) => (typeof key === 'number' ? key : String(key)));
    return {
      at: found.where(keys),
      message: `Service ${found.object.metadata.name} has no valid spec: ${keys.join('.')}: ${message}`,
    };
  }
  const { type, selector, ports } = read.data.spec;
  return {
    ...found,
    selector: selector ?? {},
    isExternalName: type === 'ExternalName',
    ports: (ports ?? []).flatMap(({ name, port, targetPort, appProtocol, protocol }, index) =>
      (protocol ?? 'TCP') === 'TCP'
        ? [
            {
              number: port,
              name: name ?? '',
              appProtocol: appProtocol ?? undefined,
              target: targetPort ?? port,
              path: ['spec', 'ports', index],
            },
          ]
        : [],
    ),
  };
}

/** Names by which Istio takes a port for each protocol. */
const SPELLINGS: Readonly<Record<AppProtocol, readonly string[]>> = {
  http: ['http', 'kubernetes.io/ws'],
  http2: ['http2', 'grpc', 'kubernetes.io/h2c'],
  grpc: ['grpc', 'http2', 'kubernetes.io/h2c'],
  tcp: ['tcp', 'tls', 'mongo', 'mysql', 'redis'],
};
const PREFIXES = [
  'grpc-web',
  'grpc',
  'http2',
  'https',
  'http',
  'mongo',
  'mysql',
  'redis',
  'tcp',
  'tls',
  'udp',
];

/** Why Istio would take the port for another protocol than meshdev.yaml says; undefined where it would not. Pure. */
export function protocolProblem(port: ServicePort, wanted: AppProtocol): string | undefined {
  const declared =
    port.appProtocol ?? PREFIXES.find((prefix) => port.name === prefix || port.name.startsWith(`${prefix}-`));
  if (declared === undefined)
    return `port ${port.number} declares no protocol, so Istio would guess it from each connection: add appProtocol: ${wanted}`;
  if (SPELLINGS[wanted].includes(declared.toLowerCase())) return undefined;
  const by = port.appProtocol === undefined ? `its name ${port.name}` : 'its appProtocol';
  return `port ${port.number} is ${declared} by ${by}, and meshdev.yaml says appProtocol: ${wanted}`;
}

/** The port of the pod that a port of a Service leads to; undefined where the pod has none of that name. Pure. */
export function targetOf({ target }: ServicePort, { template }: Workload): number | undefined {
  if (typeof target === 'number') return target;
  return template.ports.find(({ name }) => name === target)?.number;
}
