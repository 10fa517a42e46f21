import { APP_ID, ECHO_PROGRAM, INTERNAL_ID } from '../../sample/names.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';
import { SERVICE_PORT } from '../../sample/services.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import { DIGEST_ANNOTATION, fingerprint, type MeshMaterial } from './material.ts';
import { labObject } from './object.ts';
import { CONFINED, deployment, NOBODY, serviceAccount } from './pods.ts';

/**
 * The sample services and the two pods that probe them from inside: `caller` with a sidecar, `intruder`
 * without.
 */
export function workloads(lab: Lab, material: MeshMaterial): readonly KubeObject[] {
  return [
    ...echoService(lab, APP_ID, material),
    ...echoService(lab, INTERNAL_ID, material),
    ...probePod(lab, 'caller', material),
    ...probePod(lab, 'intruder', material),
  ];
}

/** Where the image of the echo program is mounted: its program is run by one that knows what may be logged. */
const APP = '/app';

/**
 * The echo program answers with what it received. The port's name is what makes JWT and path rules apply. It logs the query
 * and the User-Agent of every request, credentials and all, and cannot be told not to: the guest's own program cuts them
 * out of each line.
 */
function echoService(lab: Lab, role: WorkloadName, material: MeshMaterial): readonly KubeObject[] {
  const { namespace, serviceAccount: name } = lab.workloads[role];
  const selector = { app: name };
  const service = labObject(
    lab,
    { apiVersion: 'v1', kind: 'Service', name, namespace, role, labels: selector },
    {
      spec: {
        selector,
        ports: [
          { name: 'http', port: SERVICE_PORT, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
        ],
      },
    },
  );
  const container = {
    name: 'app',
    image: IN_CLUSTER_IMAGES.guest,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '/opt/meshdev/guest/app-log/main.js', `${APP}/bin/${ECHO_PROGRAM}`],
    volumeMounts: [{ name: 'app', mountPath: APP, readOnly: true }],
    env: [
      // One line for each request, which is the app's own word that it arrived.
      { name: 'LOG_FORMAT', value: 'json' },
      // Longer than Envoy keeps idle connections (1 h): it would send into one that the app just closed.
      { name: 'SRV_READ_TIMEOUT', value: '2h' },
      // Of 1 s by default: on a busy machine Envoy's first bytes may come later than that.
      { name: 'SRV_READ_HEADER_TIMEOUT', value: '1m' },
    ],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    readinessProbe: {
      httpGet: { path: '/status/200', port: 'http' },
      periodSeconds: 1,
      // Of 1 s by default, three times: beside busy programs the pod would leave the service for being slow.
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '192Mi' } },
    securityContext: CONFINED,
  };
  const image = { reference: IN_CLUSTER_IMAGES[APP_ID], pullPolicy: 'IfNotPresent' };
  const volumes = [{ name: 'app', image }];
  return [
    serviceAccount(lab, role),
    service,
    deployment(lab, { ...podParts(role, selector, material), container, volumes }),
  ];
}

/** Sleeps; `exec` starts the probes. */
function probePod(lab: Lab, role: WorkloadName, material: MeshMaterial): readonly KubeObject[] {
  const selector = { app: lab.workloads[role].serviceAccount };
  const container = {
    name: 'probe',
    image: IN_CLUSTER_IMAGES.guest,
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', 'infinity'],
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } },
    securityContext: CONFINED,
  };
  return [serviceAccount(lab, role), deployment(lab, { ...podParts(role, selector, material), container })];
}

function podParts(
  role: WorkloadName,
  selector: Readonly<Record<string, string>>,
  { istiodCa }: MeshMaterial,
) {
  return {
    role,
    selector,
    annotations: { [DIGEST_ANNOTATION.meshRoot]: fingerprint(istiodCa.rootPem) },
    podSecurity: NOBODY,
    // Neither program holds anything that a slow stop could save.
    terminationGracePeriodSeconds: 2,
  };
}
