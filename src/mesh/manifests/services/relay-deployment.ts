import type { KubeObject } from '../../../ports/cluster.ts';
import type { Lab } from '../../../topology/lab.ts';
import { labelsOf } from '../../../topology/labels.ts';
import { type LocalService, tunnelPort } from '../../../topology/service.ts';
import { IN_CLUSTER_IMAGES } from '../../../versions.ts';
import { DIGEST_ANNOTATION, fingerprint } from '../material.ts';
import { labObject } from '../object.ts';
import { CONFINED, NOBODY } from '../pods.ts';
import { ownLabels } from './own-labels.ts';
import type { LabMaterial } from './service-material.ts';

/**
 * The pod that stands in the mesh for a process on the machine of the user, with the identity of the service. It holds no
 * key: whoever may forward a port of the pod may open the tunnel.
 */
export function relayDeployment(lab: Lab, service: LocalService, { meshRootPem }: LabMaterial): KubeObject {
  const { id, identity, selector } = service;
  const own = ownLabels(service);
  const template = {
    metadata: {
      labels: { ...selector, ...own, ...labelsOf(lab.name, 'service') },
      annotations: { [DIGEST_ANNOTATION.meshRoot]: fingerprint(meshRootPem) },
    },
    spec: {
      serviceAccountName: identity.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 2,
      securityContext: NOBODY,
      containers: [relayContainer(service)],
    },
  };
  const { namespace } = identity;
  return labObject(
    lab,
    { apiVersion: 'apps/v1', kind: 'Deployment', name: id, namespace, role: 'service', labels: own },
    // The tunnel leads to one pod.
    { spec: { replicas: 1, selector: { matchLabels: selector }, template } },
  );
}

function relayContainer(service: LocalService): Readonly<Record<string, unknown>> {
  const { id, protocol, source } = service;
  const words = [id, protocol, source.port, tunnelPort(service)].map(String);
  return {
    name: 'app',
    image: IN_CLUSTER_IMAGES.guest,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '/opt/meshdev/guest/relay/main.js', ...words],
    ports: [{ name: protocol, containerPort: source.port, protocol: 'TCP' }],
    // Only until it listens: each later connection would be one to the process behind it.
    startupProbe: {
      tcpSocket: { port: source.port },
      periodSeconds: 1,
      timeoutSeconds: 5,
      failureThreshold: 60,
    },
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '512Mi' } },
    securityContext: CONFINED,
  };
}
