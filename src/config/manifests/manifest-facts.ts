import { selectorText } from '../../topology/labels.ts';
import type { AppProtocol, ManifestParts } from '../../topology/service.ts';
import { namespaceProblem } from '../services/reserved.ts';
import type { ManifestObject, ManifestProblem } from './manifest-object.ts';
import { namespacesIn } from './namespaces-named.ts';
import { sidecarProblems, templateOf, type Workload, workloadsIn } from './pod-template.ts';
import { type KubernetesService, protocolProblem, readService, targetOf } from './service-port.ts';

/** What the manifests of a service say. */
export interface ManifestFacts {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly selector: Readonly<Record<string, string>>;
  /** The port of the pod that the routed port leads to. */
  readonly targetPort: number;
  /** The same of the extra ports, by their number. */
  readonly extraTargets: ReadonlyMap<number, number>;
  readonly parts: ManifestParts;
}

/** What meshdev.yaml says of a service with manifests. */
export interface WantedService {
  readonly id: string;
  readonly port: number;
  readonly protocol: AppProtocol;
  readonly extraPorts: readonly { readonly port: number; readonly protocol: AppProtocol }[];
}

export interface FactsRead {
  /** Undefined where something is missing that they follow from. */
  readonly facts: ManifestFacts | undefined;
  readonly problems: readonly ManifestProblem[];
}

type Found = Omit<ManifestProblem, 'service'>;

/**
 * What follows from the objects of a service, and everything in them with which it could not be reached through the
 * mesh. Pure.
 * @param objects each with its namespace
 */
export function factsOf(wanted: WantedService, objects: readonly ManifestObject[]): FactsRead {
  const { facts, problems } = lookAt(wanted, objects);
  return { facts, problems: problems.map((problem) => ({ service: wanted.id, ...problem })) };
}

interface Looked {
  readonly facts: ManifestFacts | undefined;
  readonly problems: readonly Found[];
}

const missing = (...problems: readonly Found[]): Looked => ({ facts: undefined, problems });

function lookAt(wanted: WantedService, objects: readonly ManifestObject[]): Looked {
  const { id } = wanted;
  const named = objects.filter(
    ({ object }) => object.apiVersion === 'v1' && object.kind === 'Service' && object.metadata.name === id,
  );
  const [first, second] = named;
  if (first === undefined) return missing({ message: `the manifests have no Service named ${id}` });
  if (second !== undefined)
    return missing({
      at: second.where(['metadata', 'name']),
      message: `there are two Services named ${id}: the other is at ${first.where(['metadata', 'name'])}`,
    });
  const service = readService(first);
  if ('message' in service) return missing(service);
  const broken = objects.filter(({ object }) => templateOf(object) === 'broken');
  if (broken.length > 0)
    return missing(
      ...broken.map(({ object, where }) => ({
        at: where(['spec']),
        message: `${object.kind} ${object.metadata.name} has no valid pod template`,
      })),
    );
  return ofService(wanted, service, objects);
}

function ofService(
  wanted: WantedService,
  service: KubernetesService,
  objects: readonly ManifestObject[],
): Looked {
  const { where, selector } = service;
  if (service.isExternalName)
    return missing({
      at: where(['spec', 'type']),
      message: `Service ${wanted.id} is an ExternalName: it selects no pods`,
    });
  if (Object.keys(selector).length === 0)
    return missing({ at: where(['spec']), message: `Service ${wanted.id} has no selector` });
  const { namespace = '' } = service.object.metadata;
  const selected = workloadsIn(objects).filter((workload) => isSelected(workload, selector, namespace));
  const [workload, other] = selected;
  const shown = selectorText(selector);
  if (workload === undefined)
    return missing({
      at: where(['spec', 'selector']),
      message: `Service ${wanted.id} selects ${shown} in namespace ${namespace}: no Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod of the manifests has these labels`,
    });
  if (other !== undefined)
    return missing({
      at: where(['spec', 'selector']),
      message: `Service ${wanted.id} selects ${nameOf(workload)} and ${nameOf(other)}: a service is one workload, with one identity`,
    });
  return ofWorkload(wanted, service, workload, objects);
}

function isSelected(
  { object, template }: Workload,
  selector: KubernetesService['selector'],
  namespace: string,
): boolean {
  return (
    object.metadata.namespace === namespace &&
    Object.entries(selector).every(([key, value]) => template.labels[key] === value)
  );
}

function nameOf({ object }: ManifestObject): string {
  return `${object.kind} ${object.metadata.name}`;
}

function ofWorkload(
  wanted: WantedService,
  service: KubernetesService,
  workload: Workload,
  objects: readonly ManifestObject[],
): Looked {
  const { namespace = '' } = service.object.metadata;
  const main = portOf(wanted, service, workload);
  const extras = wanted.extraPorts.map((extra) => ({ extra, found: portOf(extra, service, workload) }));
  const found = [main, ...extras.map((each) => each.found)];
  const targets = new Set(found.flatMap(({ target }) => target ?? []));
  const namespaces = namespacesIn(objects, namespace);
  const problems = [
    ...namespaceOf(service, namespace),
    ...found.flatMap((each) => each.problems),
    ...unique([...targets].flatMap((target) => sidecarProblems(workload, target))),
    ...namespaces.problems,
  ];
  if (main.target === undefined) return { facts: undefined, problems };
  const { apiVersion, kind, metadata } = workload.object;
  return {
    facts: {
      namespace,
      serviceAccount: workload.template.serviceAccount ?? 'default',
      selector: service.selector,
      targetPort: main.target,
      extraTargets: new Map(
        extras.flatMap(({ extra, found: { target } }) =>
          target === undefined ? [] : [[extra.port, target]],
        ),
      ),
      parts: { workload: { apiVersion, kind, name: metadata.name }, namespaces: namespaces.named },
    },
    problems,
  };
}

function namespaceOf({ where }: KubernetesService, namespace: string): readonly Found[] {
  const message = namespaceProblem(namespace);
  return message === undefined ? [] : [{ at: where(['metadata', 'namespace']), message }];
}

interface PortFound {
  readonly target: number | undefined;
  readonly problems: readonly Found[];
}

function portOf(
  { port, protocol }: { readonly port: number; readonly protocol: AppProtocol },
  service: KubernetesService,
  workload: Workload,
): PortFound {
  const { where, object, ports } = service;
  const found = ports.find(({ number }) => number === port);
  if (found === undefined) {
    const has = ports.map(({ number }) => number).join(', ') || 'none';
    const message = `Service ${object.metadata.name} has no TCP port ${port}; it has: ${has}`;
    return { target: undefined, problems: [{ at: where(['spec', 'ports']), message }] };
  }
  const wrong = protocolProblem(found, protocol);
  const target = targetOf(found, workload);
  const noTarget = `port ${port} leads to the port ${found.target} of the pod, and no container of ${nameOf(workload)} has a port of that name`;
  return {
    target,
    problems: [
      ...(wrong === undefined ? [] : [{ at: where(found.path), message: wrong }]),
      ...(target === undefined ? [{ at: where([...found.path, 'targetPort']), message: noTarget }] : []),
    ],
  };
}

/** A pod without a sidecar has none for every port. */
function unique<T extends { readonly at: string; readonly message: string }>(
  found: readonly T[],
): readonly T[] {
  return [...new Map(found.map((each) => [`${each.at} ${each.message}`, each])).values()];
}
