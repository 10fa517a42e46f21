import type { KubeObject } from '../../../ports/cluster.ts';
import type { Lab } from '../../../topology/lab.ts';
import type { AppProtocol, ContainerService, LocalService, Service } from '../../../topology/service.ts';
import { labObject } from '../object.ts';
import { ownLabels } from './own-labels.ts';
import { relayDeployment } from './relay-deployment.ts';
import { serviceDeployment } from './service-deployment.ts';
import { serviceMounts } from './service-mounts.ts';
import type { LabMaterial, ServiceMaterial } from './service-material.ts';

/** Role label of what runs a service of meshdev.yaml. */
const SERVICE_ROLE = 'service';

/** Account, Service, mounted objects and Deployment of a service whose container meshdev runs. */
export function serviceObjects(
  lab: Lab,
  service: ContainerService,
  material: ServiceMaterial & { readonly lab: LabMaterial },
): readonly KubeObject[] {
  const { objects, mounts } = serviceMounts(lab, service, material);
  return [
    account(lab, service),
    kubernetesService(lab, service),
    ...objects,
    serviceDeployment(lab, service, { ...material, mounts }),
  ];
}

/** Account and Service of a process on the machine of the user, and the relay that stands for it. */
export function localServiceObjects(
  lab: Lab,
  service: LocalService,
  material: LabMaterial,
): readonly KubeObject[] {
  return [account(lab, service), kubernetesService(lab, service), relayDeployment(lab, service, material)];
}

/** Without an API token: its only use is the SPIFFE ID made from its name. */
function account(lab: Lab, service: Service): KubeObject {
  const { namespace, serviceAccount: name } = service.identity;
  return labObject(
    lab,
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      name,
      namespace,
      role: SERVICE_ROLE,
      labels: ownLabels(service),
    },
    { automountServiceAccountToken: false },
  );
}

/** The protocol of each port is what makes token and path rules apply, so each is said. */
function kubernetesService(lab: Lab, service: Service): KubeObject {
  const { id, identity, selector, port, protocol, extraPorts } = service;
  const ports = [
    portOf({ name: protocol, port: port.service, target: port.target ?? port.service, protocol }),
    ...extraPorts.map((extra) => portOf({ ...extra, target: extra.port })),
  ];
  return labObject(
    lab,
    {
      apiVersion: 'v1',
      kind: 'Service',
      name: id,
      namespace: identity.namespace,
      role: SERVICE_ROLE,
      labels: { ...selector, ...ownLabels(service) },
    },
    { spec: { selector, ports } },
  );
}

interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly target: number;
  readonly protocol: AppProtocol;
}

function portOf({ name, port, target, protocol }: NamedPort): Readonly<Record<string, unknown>> {
  return { name, port, targetPort: target, protocol: 'TCP', appProtocol: protocol };
}
