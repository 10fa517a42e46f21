import { createHmac } from 'node:crypto';
import type { KubeObject } from '../../../ports/cluster.ts';
import type { Lab } from '../../../topology/lab.ts';
import { labelsOf } from '../../../topology/labels.ts';
import type { ContainerService, ContainerSettings } from '../../../topology/service.ts';
import { DIGEST_ANNOTATION, fingerprint } from '../material.ts';
import { labObject } from '../object.ts';
import { ownLabels } from './own-labels.ts';
import type { Mounts } from './service-mounts.ts';
import type { LabMaterial, ServiceMaterial } from './service-material.ts';

/** Digest of what a pod reads once, at its start: when that changes, the pod is replaced. */
const INPUTS_ANNOTATION = 'dev.meshdev.inputs';

interface PodInputs extends ServiceMaterial {
  readonly mounts: Mounts;
  readonly lab: LabMaterial;
}

/**
 * The image runs as its own user and with its own files: meshdev forbids only what no application needs. It is never
 * pulled: the lab has put it into the node, under a name that changes with its content.
 */
export function serviceDeployment(lab: Lab, service: ContainerService, inputs: PodInputs): KubeObject {
  const { id, identity, selector, container: settings } = service;
  const labels = { ...selector, ...ownLabels(service), ...labelsOf(lab.name, 'service') };
  const annotations = {
    [DIGEST_ANNOTATION.meshRoot]: fingerprint(inputs.lab.meshRootPem),
    [INPUTS_ANNOTATION]: digestOf(inputs, settings.trust),
  };
  const { volumes } = inputs.mounts;
  const template = {
    metadata: { labels, annotations },
    spec: {
      serviceAccountName: identity.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [containerOf(service, inputs)],
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  };
  const { replicas } = settings;
  return labObject(
    lab,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: id,
      namespace: identity.namespace,
      role: 'service',
      labels: ownLabels(service),
    },
    {
      spec: {
        ...(replicas === undefined ? {} : { replicas }),
        selector: { matchLabels: selector },
        template,
      },
    },
  );
}

function containerOf(
  { container: settings, port, protocol, extraPorts }: ContainerService,
  { image, mounts }: PodInputs,
): Readonly<Record<string, unknown>> {
  const target = port.target ?? port.service;
  const given = Object.entries(settings.environment).map(([name, value]) => ({ name, value }));
  // What the file says itself counts before what meshdev sets.
  const own = new Set(given.map(({ name }) => name));
  const env = [...given, ...mounts.env.filter(({ name }) => !own.has(String(name)))];
  const ports = [
    { name: protocol, containerPort: target, protocol: 'TCP' },
    ...extraPorts.map((extra) => ({ name: extra.name, containerPort: extra.port, protocol: 'TCP' })),
  ];
  return {
    name: 'app',
    image,
    imagePullPolicy: 'Never',
    // As in compose: what the image starts stays, and is handed these.
    ...(settings.command === undefined ? {} : { args: settings.command }),
    ...(env.length === 0 ? {} : { env }),
    ports,
    readinessProbe: probeOf(settings, target),
    resources: resourcesOf(settings),
    securityContext: { allowPrivilegeEscalation: false },
    ...(mounts.volumeMounts.length === 0 ? {} : { volumeMounts: mounts.volumeMounts }),
  };
}

function probeOf({ health }: ContainerSettings, port: number): Readonly<Record<string, unknown>> {
  const asked =
    health === undefined
      ? { tcpSocket: { port } }
      : health.kind === 'grpc'
        ? { grpc: { port } }
        : { httpGet: { path: health.path, port } };
  // A second of patience is the default: beside busy programs the pod would leave its Service for being slow.
  return { ...asked, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 6 };
}

/** What is asked for is reserved, and memory is bounded by it too. */
function resourcesOf({ resources: { cpu, memory } }: ContainerSettings): Readonly<Record<string, unknown>> {
  return {
    requests: { cpu: cpu ?? '10m', ...(memory === undefined ? {} : { memory }) },
    ...(memory === undefined ? {} : { limits: { memory } }),
  };
}

/** Keyed, since it stands where secrets do not: nobody can try guesses of a short secret against it. */
function digestOf({ variables, secretFiles, files, lab }: PodInputs, trust: boolean): string {
  const hash = createHmac('sha256', lab.digestKey);
  const add = (kind: string, entries: readonly (readonly [string, string | Uint8Array])[]): void => {
    for (const [name, content] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
      hash.update(`${kind}\0${name}\0${Buffer.byteLength(content)}\0`).update(content);
  };
  add('variable', Object.entries(variables));
  add('secret', Object.entries(secretFiles));
  add('file', Object.entries(files));
  if (trust) add('trust', [['ca.crt', lab.edgeRootPem]]);
  return hash.digest('hex').slice(0, 16);
}
